"""Making, recognising and changing profiles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import ids
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.fields import seal
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import insert
from kezhan.guests.choices import GuestKind, Sex
from kezhan.guests.models import Guest
from kezhan.guests.pinyin import spelling
from kezhan.guests.queries import email_index, phone_index, phone_tail_index, recognise
from kezhan.guests.rules import email_is_fine, normal_country, normal_email, normal_phone, tidy_name

_CHANGEABLE = ("name", "phone", "email", "birth_date", "sex", "nationality", "language", "importance")
# Eight signs: without asking the table first, one clash in ten thousand years of a busy group.
_NUMBER_LENGTH = 8


@operation
def make_profile(
    *,
    group: Any,
    name: str,
    actor: Actor,
    now: datetime,
    phone: str = "",
    email: str = "",
    kind: str = GuestKind.TEMPORARY,
    sex: str = "",
    birth_date: date | str = "",
    nationality: str = "",
    language: str = "",
) -> Guest:
    """A new profile of the group; two of one person are not prevented here (see `find_or_make`). Raises InvalidInput.

    `birth_date` is a date or its ISO form, `nationality` ISO 3166. A name may be missing: real bookings have none.
    """
    guest = Guest(
        group=group, number=ids.number("G", now.date(), _NUMBER_LENGTH), kind=GuestKind(kind), created_at=now
    )
    _apply(
        guest,
        {
            "name": name, "phone": phone, "email": email, "birth_date": birth_date,
            "sex": sex, "nationality": nationality, "language": language,
        },
    )  # fmt: skip
    insert(guest)
    audit.record("guests.profile_made", actor=actor, subject=guest, at=now, facts={"kind": str(guest.kind)})
    return guest


@operation
def find_or_make(
    *, group: Any, name: str, actor: Actor, now: datetime, phone: str = ""
) -> tuple[Guest, bool]:
    """The known guest of this telephone and name (True), or a new temporary profile (False). Raises InvalidInput."""
    known = recognise(group=group, name=name, phone=phone)
    if known is not None:
        return known, True
    return make_profile(group=group, name=name, phone=phone, actor=actor, now=now), False


@operation
def update_profile(*, guest_id: int, group_id: int, actor: Actor, now: datetime, **changes: Any) -> Guest:
    """Change what is given: name, phone, email, birth_date, sex, nationality, language, importance; "" clears.

    Raises NotFound, InvalidInput.
    """
    guest = lock_row(Guest.objects.of(group_id).filter(pk=guest_id))
    before = _state(guest)
    _apply(guest, changes)
    after = _state(guest)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        guest.save()
        audit.record(
            "guests.profile_changed", actor=actor, subject=guest, at=now,
            before=before, after=after, facts={"fields": changed},
        )  # fmt: skip
    return guest


@operation
def promote(*, guest: Guest, actor: Actor, now: datetime) -> Guest:
    """A temporary profile becomes a regular one when its guest first arrives. Repeated: a no-op."""
    changed = Guest.objects.filter(pk=guest.pk, kind=GuestKind.TEMPORARY).update(kind=GuestKind.REGULAR)
    guest.kind = GuestKind.REGULAR
    if changed:
        audit.record("guests.profile_promoted", actor=actor, subject=guest, at=now)
    return guest


def _state(guest: Guest) -> dict[str, Any]:
    """What the trail digests: sealed fields by their ciphertext-free index or presence."""
    return {
        "name": guest.name, "phone": guest.phone_index, "email": guest.email_index, "sex": guest.sex,
        "birth_date": bytes(guest.birth_date).hex() if guest.birth_date is not None else "",
        "nationality": guest.nationality, "language": guest.language, "importance": guest.importance,
    }  # fmt: skip


def _apply(guest: Guest, changes: dict[str, Any]) -> None:
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    problems: dict[str, Any] = {}
    for name, value in changes.items():
        if problem := _SETTERS[name](guest, value):
            problems[name] = problem
    if problems:
        raise InvalidInput(fields=problems)


def _set_name(guest: Guest, value: str) -> Any:
    name = tidy_name(value)
    if len(name) > 80:
        return _("姓名最多 80 个字。")
    guest.name = name
    guest.name_pinyin, guest.name_initials = spelling(name)
    return ""


def _set_phone(guest: Guest, value: str) -> Any:
    phone = normal_phone(value)
    if value.strip() and not phone:
        return _("这不像电话号码，请核对。例如 13812345621 或 +44 20 7946 0018。")
    seal(guest, "phone", phone)
    guest.phone_index, guest.phone_tail_index = phone_index(phone), phone_tail_index(phone)
    return ""


def _set_email(guest: Guest, value: str) -> Any:
    email = normal_email(value)
    if email and not email_is_fine(email):
        return _("这不像电子邮箱，请核对。")
    seal(guest, "email", email)
    guest.email_index = email_index(email)
    return ""


def _set_birth_date(guest: Guest, value: date | str) -> Any:
    try:
        born = value if isinstance(value, date) else date.fromisoformat(value) if value else None
    except ValueError:
        return _("请按 1990-01-31 的样子填写出生日期。")
    if born is not None and not date(1890, 1, 1) <= born <= guest_day(guest):
        return _("出生日期不可能是这一天。")
    seal(guest, "birth_date", born.isoformat() if born else "")
    return ""


def guest_day(guest: Guest) -> date:
    """Nobody was born after the day after their profile was made; the day more is for time zones and newborns."""
    return date.fromordinal(guest.created_at.date().toordinal() + 366)


def _set_sex(guest: Guest, value: str) -> Any:
    if value and value not in Sex.values:
        return _("请选择性别。")
    guest.sex = value
    return ""


def _set_nationality(guest: Guest, value: str) -> Any:
    country = normal_country(value)
    if value.strip() and not country:
        return _("请填写国家或地区的字母代码，例如 CN、GBR。")
    guest.nationality = country
    return ""


def _set_language(guest: Guest, value: str) -> Any:
    guest.language = value.strip()[:10]
    return ""


def _set_importance(guest: Guest, value: int) -> Any:
    guest.importance = value
    return ""


_SETTERS: dict[str, Callable[[Guest, Any], Any]] = {
    "name": _set_name, "phone": _set_phone, "email": _set_email, "birth_date": _set_birth_date, "sex": _set_sex,
    "nationality": _set_nationality, "language": _set_language, "importance": _set_importance,
}  # fmt: skip
