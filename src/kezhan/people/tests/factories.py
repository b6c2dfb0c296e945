"""Dull people for tests; a test states what matters to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from kezhan.core.actor import Actor
from kezhan.core.ids import new_token, token_digest
from kezhan.people.models import (
    ApiToken,
    Department,
    Holding,
    Post,
    PostRole,
    Role,
    RoleRight,
    TokenProperty,
    User,
)
from kezhan.properties.api import Group, Property

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # twelve o'clock in Shanghai
SINCE = date(2020, 1, 1)
PASSWORD = "correct-horse-9-battery"
_numbers = count(1)


@dataclass
class House:
    """A group with one property and one person holding a post there."""

    group: Group
    property: Property
    user: User

    @property
    def actor(self) -> Actor:
        return self.user.actor()


def make_group(code: str = "") -> Group:
    code = code or f"g{next(_numbers)}"
    return Group.objects.create(code=code, name=f"集团{code}", created_at=NOON)


def make_property(group: Group | None = None, code: str = "", **fields) -> Property:
    code = code or f"p{next(_numbers)}"
    fields.setdefault("name", f"酒店{code}")
    fields.setdefault("opened_date", SINCE)
    return Property.objects.create(group=group or make_group(), code=code, **fields)


def make_user(group: Group, username: str = "", *, password: str = "", **fields) -> User:
    """A person without any post. The password is unusable unless given."""
    username = username or f"u{next(_numbers)}"
    fields.setdefault("name", f"员工{username}")
    fields.setdefault("password_changed_at", NOON)
    user = User(group=group, username=username, **fields)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    return user


def make_role(group: Group, rights: Iterable[str] = (), key: str = "", **fields) -> Role:
    role = Role.objects.create(group=group, key=key or f"role{next(_numbers)}", **fields)
    RoleRight.objects.bulk_create(RoleRight(group=group, role=role, right=right) for right in rights)
    return role


def make_department(group: Group, place: Property | None = None, code: str = "", **fields) -> Department:
    code = code or f"D{next(_numbers)}"
    fields.setdefault("name", f"部门{code}")
    return Department.objects.create(group=group, property=place, code=code, **fields)


def make_post(department: Department, *roles: Role, code: str = "", **fields) -> Post:
    code = code or f"P{next(_numbers)}"
    fields.setdefault("name", f"岗位{code}")
    post = Post.objects.create(group=department.group, department=department, code=code, **fields)
    for role in roles:
        PostRole.objects.create(group=department.group, post=post, role=role)
    return post


def give_rights(user: User, rights: Iterable[str], place: Property | None = None, **fields) -> Holding:
    """A post with exactly these rights, held at `place` or (None) in the whole group."""
    post = make_post(make_department(user.group, place), make_role(user.group, rights))
    fields.setdefault("starts_date", SINCE)
    return Holding.objects.create(group=user.group, user=user, post=post, property=place, **fields)


def make_house(
    rights: Iterable[str] = (),
    *,
    group_rights: Iterable[str] | None = None,
    group: Group | None = None,
    code: str = "",
    password: str = "",
    **fields,
) -> House:
    """A group, a property and a person with `rights` there (and, when given, `group_rights` in the whole group)."""
    group = group or make_group()
    place = make_property(group, code, **fields)
    user = make_user(group, password=password)
    give_rights(user, rights, place)
    if group_rights is not None:
        give_rights(user, group_rights, None)
    return House(group, place, user)


def make_token(
    place: Property, scopes: Iterable[str], *, days: int = 30, now: datetime = NOON
) -> tuple[ApiToken, str]:
    """A token for one house; the text is returned beside the row. It ends `days` after the real clock's start."""
    text = new_token()
    token = ApiToken.objects.create(
        group=place.group,
        name="测试",
        prefix=text[:8],
        digest=token_digest(text),
        scopes=list(scopes),
        created_at=now,
        created_by="测试",
        ends_at=now + timedelta(days=days),
    )
    TokenProperty.objects.create(property=place, token=token)
    return token, text
