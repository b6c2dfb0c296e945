"""Memberships: number, tier, points, an end."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import ids
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update
from kezhan.guests.choices import MemberTier
from kezhan.guests.models import Guest, Member
from kezhan.guests.rules import normal_document


class MemberNumberTaken(DomainError):
    code = "guests.member_number_taken"
    message = _("会员号 %(number)s 已经有了，或者这位客人已经是会员。")


@operation
def enrol_member(
    *,
    guest: Guest,
    joined_date: date,
    actor: Actor,
    now: datetime,
    number: str = "",
    tier: str = MemberTier.CLASSIC,
    points: int = 0,
    ends_date: date | None = None,
) -> Member:
    """Make a guest a member; without a number one is drawn. Raises InvalidInput, MemberNumberTaken."""
    number = normal_document(number) or ids.number("M", joined_date)
    _refuse_wrong(joined_date, tier, points, ends_date)
    member = Member(
        group_id=guest.group_id, guest=guest, number=number, tier=tier, points=points,
        joined_date=joined_date, ends_date=ends_date,
    )  # fmt: skip
    try:
        with transaction.atomic():
            insert(member)
    except IntegrityError as error:
        raise MemberNumberTaken(number=number) from error
    audit.record(
        "guests.member_enrolled",
        actor=actor,
        subject=member,
        at=now,
        facts={"tier": str(tier), "points": points},
    )
    return member


@operation
def change_membership(
    *,
    guest: Guest,
    tier: str,
    points: int,
    ends_date: date | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Member:
    """Set tier, points and end of a membership, with the reason. Raises NotFound, InvalidInput."""
    member = lock_row(Member.objects.of(guest.group_id).filter(guest=guest))
    _refuse_wrong(member.joined_date, tier, points, ends_date)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明调整原因。")})
    facts = {
        "tier": [str(member.tier), str(tier)],
        "points": [member.points, points],
        "ends_date": [member.ends_date, ends_date],
    }
    member.tier, member.points, member.ends_date = tier, points, ends_date
    update(member, "tier", "points", "ends_date")
    audit.record(
        "guests.membership_changed", actor=actor, subject=member, at=now, reason=reason.strip(), facts=facts
    )
    return member


def _refuse_wrong(joined_date: date, tier: str, points: int, ends_date: date | None) -> None:
    problems = {}
    if tier not in MemberTier.values:
        problems["tier"] = _("没有这个会员等级。")
    if points < 0:
        problems["points"] = _("积分不能是负数。")
    if ends_date is not None and ends_date <= joined_date:
        problems["ends_date"] = _("到期日必须晚于入会日。")
    if problems:
        raise InvalidInput(fields=problems)
