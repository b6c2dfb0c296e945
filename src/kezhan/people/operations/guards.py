"""What stops a person from raising themselves, lifting others above themselves, or locking everybody out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError
from kezhan.core.rights import RIGHTS
from kezhan.people import queries
from kezhan.people.models import Post, User


class NotForYourself(DomainError):
    code = "people.not_for_yourself"
    message = _("不能给自己授予岗位或权限。")
    unlock = _("请另一位管理员来办理。")
    status = 403


class BeyondYourOwn(DomainError):
    code = "people.beyond_your_own"
    message = _("这里包含您自己没有的高风险权限：%(rights)s。")
    unlock = _("请拥有这些权限的管理员来办理。")
    status = 403


class LastAdministrator(DomainError):
    code = "people.last_administrator"
    message = _("这样一来，集团里就没有人能管理员工和权限了。")
    unlock = _("先让另一位员工担任管理员岗位。")


def is_self(actor: Actor, user_id: int) -> bool:
    return actor.kind == "USER" and actor.id == str(user_id)


def refuse_self(actor: Actor, user_id: int) -> None:
    if is_self(actor, user_id):
        raise NotForYourself()


def refuse_beyond_own(actor: Actor, rights: Iterable[str], place: Any | None, now: datetime) -> None:
    """Whoever gives a high-risk right must hold it there. Otherwise one accomplice would make anybody administrator."""
    risky = {right for right in rights if right in RIGHTS and RIGHTS.get(right).high_risk}
    if not risky or actor.kind == "SYSTEM":
        return
    missing = risky - queries.rights_of_actor(actor, place, now=now)
    if missing:
        raise BeyondYourOwn(rights="、".join(str(RIGHTS.get(code).label) for code in sorted(missing)))


def refuse_over_the_head(actor: Actor, user: User, now: datetime) -> None:
    """A new password or a lost second step lets one act as the other: so not of someone with more risky rights."""
    standing = queries.standing_of(user, now)
    refuse_beyond_own(actor, standing.everywhere, None, now)
    for property_id, rights in standing.at.items():
        refuse_beyond_own(actor, rights, property_id, now)


@contextmanager
def keeping_an_administrator(group_id: int, now: datetime) -> Iterator[None]:
    """Around a change that may take rights away: refuses it when the last administrator would be gone."""
    had_one = bool(queries.administrators(group_id, now))
    yield
    if had_one and not queries.administrators(group_id, now):
        raise LastAdministrator()


def rights_of_post(post: Post) -> set[str]:
    return set(post.roles.filter(rights__isnull=False).values_list("rights__right", flat=True))
