"""Departments, posts and the duty rota."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.locking import lock_row
from kezhan.people import queries
from kezhan.people.models import Department, DutyShift, Post, PostRole, Role, User
from kezhan.properties.api import Group, Property

from . import guards

_CODE = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*\Z")


class CodeTaken(DomainError):
    code = "people.code_taken"
    message = _("代码 %(code)s 已经用过。")
    unlock = _("代码永不重复使用，请换一个。")


class PostIsHeld(DomainError):
    code = "people.post_is_held"
    message = _("还有 %(count)s 人担任“%(post)s”，不能停用。")
    unlock = _("先结束这些任职或办理调岗。")


class ShiftOverlaps(DomainError):
    code = "people.shift_overlaps"
    message = _("%(name)s 在这段时间已经排了班。")


@transaction.atomic
def open_department(
    *,
    group: Group,
    place: Property | None,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    parent: Department | None = None,
) -> Department:
    """A department of a house, or of the group with None. Raises InvalidInput, CodeTaken."""
    code = _clean_code(code)
    _require_name(name)
    department = Department(
        group=group, property=place, code=code, name=name.strip(), name_en=name_en.strip(), parent=parent
    )
    _insert(department, code)
    audit.record("people.department_opened", actor=actor, subject=department, at=now, facts={"code": code})
    return department


@transaction.atomic
def open_post(
    *,
    department: Department,
    code: str,
    name: str,
    roles: Iterable[Role],
    actor: Actor,
    now: datetime,
    name_en: str = "",
    superior: Post | None = None,
) -> Post:
    """A post of a department with its roles. Raises InvalidInput, CodeTaken, BeyondYourOwn."""
    code = _clean_code(code)
    _require_name(name)
    post = Post(group_id=department.group_id, department=department, code=code, superior=superior)
    post.name, post.name_en = name.strip(), name_en.strip()
    _insert(post, code)
    keys = _give_roles(post, roles, actor, now)
    audit.record("people.post_opened", actor=actor, subject=post, at=now, facts={"code": code, "roles": keys})
    return post


@transaction.atomic
def update_post(
    *, post_id: int, name: str, name_en: str, roles: Iterable[Role], actor: Actor, now: datetime
) -> Post:
    """Rename a post or change its roles; everybody who holds it feels it at the next request.

    Raises InvalidInput, NotForYourself when one holds the post, BeyondYourOwn, LastAdministrator.
    """
    post = lock_row(Post.objects.filter(pk=post_id))
    _require_name(name)
    before = _roles_of(post)
    with guards.keeping_an_administrator(post.group_id, now):
        post.name, post.name_en = name.strip(), name_en.strip()
        post.save(update_fields=["name", "name_en"])
        after = _give_roles(post, roles, actor, now)
    audit.record(
        "people.post_updated", actor=actor, subject=post, at=now, before={"roles": before},
        after={"roles": after}, facts={"code": post.code, "roles": after},
    )  # fmt: skip
    return post


@transaction.atomic
def retire_post(*, post_id: int, actor: Actor, now: datetime, reason: str = "") -> Post:
    """Take a post out of use. Raises PostIsHeld while somebody holds or will hold it."""
    post = lock_row(Post.objects.filter(pk=post_id))
    today = queries.today_at(post.department.property, post.group_id, now)
    held = post.holdings.filter(Q(ends_date__isnull=True) | Q(ends_date__gt=today)).count()
    if held:
        raise PostIsHeld(count=held, post=post.label)
    post.retired_date = today
    post.save(update_fields=["retired_date"])
    audit.record("people.post_retired", actor=actor, subject=post, at=now, reason=reason)
    return post


@transaction.atomic
def plan_shift(
    *, department: Department, place: Property, user_id: int, starts_at: datetime, ends_at: datetime,
    actor: Actor, now: datetime,
) -> DutyShift:  # fmt: skip
    """Put a person on duty. Raises InvalidInput, ShiftOverlaps."""
    user = lock_row(User.objects.of(place.group_id).filter(pk=user_id))
    if ends_at <= starts_at:
        raise InvalidInput(fields={"ends_at": _("下班时间必须晚于上班时间。")})
    if not user.is_active:
        raise InvalidInput(fields={"user": _("这位员工不能登录，不能排班。")})
    if user.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise ShiftOverlaps(name=user.name)
    shift = DutyShift.objects.create(
        property=place, department=department, user=user, starts_at=starts_at, ends_at=ends_at
    )
    facts = {"user": user.pk, "department": department.code, "starts_at": starts_at, "ends_at": ends_at}
    audit.record("people.shift_planned", actor=actor, subject=shift, at=now, facts=facts)
    return shift


@transaction.atomic
def cancel_shift(*, shift_id: int, actor: Actor, now: datetime) -> None:
    """Take a shift that has not begun off the rota. Raises InvalidInput once it has."""
    shift = lock_row(DutyShift.objects.filter(pk=shift_id))
    if shift.starts_at <= now:
        raise InvalidInput(fields={"shift": _("班次已经开始，不能取消。")})
    facts = {"user": shift.user_id, "starts_at": shift.starts_at, "ends_at": shift.ends_at}
    audit.record("people.shift_cancelled", actor=actor, subject=shift, at=now, facts=facts)
    shift.delete()


def _roles_of(post: Post) -> list[str]:
    return sorted(post.roles.values_list("key", flat=True))


def _give_roles(post: Post, roles: Iterable[Role], actor: Actor, now: datetime) -> list[str]:
    wanted = {role.pk: role for role in roles}
    held = set(post.roles.values_list("pk", flat=True))
    added = [role for pk, role in wanted.items() if pk not in held]
    if added:
        _refuse_if_holding(post, actor, now)
        rights = {code for role in added for code in role.rights.values_list("right", flat=True)}
        guards.refuse_beyond_own(actor, rights, post.department.property, now)
    post.post_roles.exclude(role_id__in=wanted).delete()
    PostRole.objects.bulk_create(PostRole(group_id=post.group_id, post=post, role=role) for role in added)
    return sorted(role.key for role in wanted.values())


def _refuse_if_holding(post: Post, actor: Actor, now: datetime) -> None:
    if actor.kind == "USER" and post.holdings.filter(user_id=actor.id).filter(
        Q(ends_date__isnull=True) | Q(ends_date__gt=now.date())
    ):
        raise guards.NotForYourself()


def _clean_code(code: str) -> str:
    code = code.strip().upper()
    if len(code) > 16 or not _CODE.match(code):
        raise InvalidInput(fields={"code": _("代码只用大写字母、数字和连字符，最多 16 个字符。")})
    return code


def _require_name(name: str) -> None:
    if not name.strip():
        raise InvalidInput(fields={"name": _("请填写名称。")})


def _insert(row: Model, code: str) -> Any:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CodeTaken(code=code) from error
