"""Price lists and codes of a house."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.dates import each_day
from kezhan.core.errors import InvalidInput
from kezhan.core.money import round_money
from kezhan.core.operation import operation
from kezhan.core.prepared import insert
from kezhan.reservations import rules
from kezhan.reservations.choices import CodeAxis, RatePlanKind
from kezhan.reservations.models import BasePrice, BookingCode, NightPrice, RatePlan
from kezhan.reservations.refusals import CodeTaken

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}\Z")
LONGEST_RANGE = 1000


@operation
def add_rate_plan(
    *,
    place: Any,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    kind: str = RatePlanKind.RACK,
    members_only: bool = False,
    public: bool = True,
    breakfasts: int = 0,
    position: int = 0,
) -> RatePlan:
    """A new price list in the house's currency. Raises InvalidInput, CodeTaken."""
    _require(code, name)
    if kind not in RatePlanKind.values:
        raise InvalidInput(fields={"kind": _("没有这种价格类别。")})
    plan = RatePlan(
        property=place, code=code, name=name.strip(), name_en=name_en.strip(), kind=kind, currency=place.currency,
        members_only=members_only, public=public, breakfasts=breakfasts, position=position,
    )  # fmt: skip
    _insert(plan, RatePlan.objects.of(place).filter(code=code))
    audit.record("reservations.rate_plan_added", actor=actor, subject=plan, at=now, facts={"kind": kind})
    return plan


@operation
def add_booking_code(
    *,
    place: Any,
    axis: str,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    position: int = 0,
) -> BookingCode:
    """A market, source or channel. Raises InvalidInput, CodeTaken."""
    _require(code, name)
    if axis not in CodeAxis.values:
        raise InvalidInput(fields={"axis": _("没有这种代码。")})
    row = BookingCode(
        property=place, axis=axis, code=code, name=name.strip(), name_en=name_en.strip(), position=position
    )
    _insert(row, BookingCode.objects.of(place).filter(axis=axis, code=code))
    audit.record("reservations.booking_code_added", actor=actor, subject=row, at=now, facts={"axis": axis})
    return row


@operation
def set_base_price(
    *,
    rate_plan: RatePlan,
    room_type: Any,
    price: Decimal,
    actor: Actor,
    now: datetime,
    weekend_price: Decimal | None = None,
) -> BasePrice:
    """What nights opened from now on cost; nights already priced keep their price. Raises InvalidInput."""
    price, weekend_price = _prices(price, weekend_price)
    row, _made = BasePrice.objects.update_or_create(
        rate_plan=rate_plan,
        room_type=room_type,
        defaults={"property_id": rate_plan.property_id, "price": price, "weekend_price": weekend_price},
    )
    audit.record(
        "reservations.base_price_set", actor=actor, subject=rate_plan, at=now,
        facts={"room_type": room_type.code, "price": price, "weekend_price": weekend_price},
    )  # fmt: skip
    return row


@operation
def set_prices(
    *,
    rate_plan: RatePlan,
    room_type: Any,
    first: date,
    end: date,
    price: Decimal,
    actor: Actor,
    now: datetime,
    weekend_price: Decimal | None = None,
) -> int:
    """Set the price of every night of [first, end); bookings keep the price they agreed. Returns how many nights.
    Raises InvalidInput.
    """
    if not 0 < (end - first).days <= LONGEST_RANGE:
        raise InvalidInput(fields={"end": _("请填写 1 到 %(days)s 晚。") % {"days": LONGEST_RANGE}})
    price, weekend_price = _prices(price, weekend_price)
    rows = [
        NightPrice(
            property_id=rate_plan.property_id, rate_plan=rate_plan, room_type=room_type, date=day,
            price=weekend_price if rules.weekend(day) else price,
        )
        for day in each_day(first, end)
    ]  # fmt: skip
    NightPrice.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["price"],
        unique_fields=["property", "date", "room_type", "rate_plan"], batch_size=500,
    )  # fmt: skip
    audit.record(
        "reservations.prices_set", actor=actor, subject=rate_plan, at=now,
        facts={
            "room_type": room_type.code, "first": first, "end": end,
            "price": price, "weekend_price": weekend_price,
        },
    )  # fmt: skip
    return len(rows)


def _prices(price: Decimal, weekend_price: Decimal | None) -> tuple[Decimal, Decimal]:
    price = round_money(price)
    weekend_price = price if weekend_price is None else round_money(weekend_price)
    if min(price, weekend_price) < 0:
        raise InvalidInput(fields={"price": _("价格不能小于零。")})
    return price, weekend_price


def _require(code: str, name: str) -> None:
    if not _CODE.match(code):
        raise InvalidInput(fields={"code": _("代码只能用字母、数字、下划线和连字符，最多 24 个字符。")})
    if not name.strip():
        raise InvalidInput(fields={"name": _("请填写名称。")})


def _insert(row: Any, same: Any) -> None:
    try:
        with transaction.atomic():
            insert(row)
    except IntegrityError as error:
        if same.exists():
            raise CodeTaken(code=row.code) from error
        raise
