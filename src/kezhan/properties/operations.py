"""Opening, changing and closing groups and their properties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.locking import lock_row
from kezhan.core.registry import Registry

from .models import Edition, Group, Property
from .rules import code_is_fine, currency_is_fine, zone_is_known

# Answers whether something still stands in the way of closing: a sentence for the person, or "".
ClosingCheck = Callable[[Property, date], Any]
CLOSING_CHECKS: Registry[ClosingCheck] = Registry("closing check")
_CHANGEABLE = ("name", "name_en", "timezone", "address", "address_en", "telephone", "edition")


class CodeTaken(DomainError):
    code = "properties.code_taken"
    message = _("代码 %(code)s 已经用过。")
    unlock = _("代码永不重复使用，请换一个。")


class CannotClose(DomainError):
    code = "properties.cannot_close"
    message = _("%(code)s 现在不能停业：%(why)s")
    unlock = _("处理完这些事项后再试。")


class AlreadyClosed(DomainError):
    code = "properties.already_closed"
    message = _("%(code)s 已经停业。")


@transaction.atomic
def open_group(*, code: str, name: str, actor: Actor, now: datetime, name_en: str = "") -> Group:
    """Raises InvalidInput, CodeTaken."""
    _require_code(code)
    _require_name(name)
    group = _insert(Group(code=code, name=name.strip(), name_en=name_en.strip(), created_at=now))
    audit.record(
        "properties.group_opened", actor=actor, subject=group, at=now, group_id=group.pk, facts={"code": code}
    )
    return group


@transaction.atomic
def open_property(
    *,
    group: Group,
    code: str,
    name: str,
    opened_date: date,
    actor: Actor,
    now: datetime,
    timezone: str = "Asia/Shanghai",
    currency: str = "CNY",
    edition: str = Edition.HOTEL,
    **details: str,
) -> Property:
    """`details`: name_en, address, address_en, telephone. Raises InvalidInput, CodeTaken."""
    _require_code(code)
    if not currency_is_fine(currency):
        raise InvalidInput(fields={"currency": _("请填写三个大写字母的币种代码，例如 CNY。")})
    place = Property(group=group, code=code, opened_date=opened_date, currency=currency)
    _apply(place, {"name": name, "timezone": timezone, "edition": edition, **details})
    _insert(place)
    audit.record(
        "properties.property_opened", actor=actor, subject=place, at=now, property_id=place.pk,
        after=_state(place), facts={"code": code, "opened_date": opened_date, "timezone": timezone},
    )  # fmt: skip
    return place


@transaction.atomic
def update_property(
    *, property_id: int, actor: Actor, now: datetime, reason: str = "", **changes: str
) -> Property:
    """Change name, address, telephone, zone or edition; code, currency and group stay. Raises InvalidInput."""
    place = lock_row(Property.objects.filter(pk=property_id))
    before = _state(place)
    _apply(place, changes)
    after = _state(place)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return place
    place.save(update_fields=changed)
    audit.record(
        "properties.property_updated", actor=actor, subject=place, at=now, property_id=place.pk,
        before=before, after=after, reason=reason, facts={"fields": changed},
    )  # fmt: skip
    return place


@transaction.atomic
def close_property(
    *, property_id: int, closed_date: date, reason: str, actor: Actor, now: datetime
) -> Property:
    """Retire a house from a date on (its first day closed). Raises AlreadyClosed, InvalidInput, CannotClose."""
    place = lock_row(Property.objects.filter(pk=property_id))
    if place.closed_date is not None:
        raise AlreadyClosed(code=place.code)
    if closed_date <= place.opened_date:
        raise InvalidInput(fields={"closed_date": _("停业日期必须晚于开业日期。")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明停业原因。")})
    for _name, check in CLOSING_CHECKS:
        if why := check(place, closed_date):
            raise CannotClose(code=place.code, why=why)
    place.closed_date = closed_date
    place.save(update_fields=["closed_date"])
    audit.record(
        "properties.property_closed", actor=actor, subject=place, at=now, property_id=place.pk, reason=reason,
        facts={"closed_date": closed_date},
    )  # fmt: skip
    return place


def _insert(row: Any) -> Any:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if type(row).objects.filter(code=row.code).exists():
            raise CodeTaken(code=row.code) from error
        raise
    return row


def _state(place: Property) -> dict[str, str]:
    return {name: getattr(place, name) for name in _CHANGEABLE}


def _apply(place: Property, changes: dict[str, str]) -> None:
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    for name, value in changes.items():
        setattr(place, name, str(value).strip())
    _require_name(place.name)
    if not zone_is_known(place.timezone):
        raise InvalidInput(fields={"timezone": _("没有这个时区。例如 Asia/Shanghai。")})
    if place.edition not in Edition.values:
        raise InvalidInput(fields={"edition": _("没有这种版本。")})


def _require_code(code: str) -> None:
    if not code_is_fine(code):
        raise InvalidInput(fields={"code": _("代码只能用小写字母、数字和连字符，最多 32 个字符。")})


def _require_name(name: str) -> None:
    if not name.strip():
        raise InvalidInput(fields={"name": _("请填写名称。")})
