"""The first steps of a new house: its first business day, and the prices that open its nights."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.billing import api as billing
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.operation import operation
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy
from kezhan.properties import api as properties
from kezhan.reservations.models import RatePlan
from kezhan.reservations.starting import STARTING_CODES, STARTING_PLAN

from .opening import open_nights
from .rates import add_booking_code, add_rate_plan, set_base_price

DAYS_BACK = 7


@operation
def open_for_business(*, place: Any, business_date: date, actor: Actor, now: datetime) -> None:
    """Open the first business day of a new house, with the charge codes, a price list and the booking codes it starts
    with. Since only night audits move the date from then on, it must be near the clock.

    Raises InvalidInput, hotel.AlreadyOpened.
    """
    today = properties.local_date(place, now)
    if not today - timedelta(days=DAYS_BACK) <= business_date <= today:
        text = _("只能是今天或最近 %(days)s 天：开启以后只有夜审能推进营业日。") % {"days": DAYS_BACK}
        raise InvalidInput(fields={"business_date": text})
    hotel.open_business_day(place=place, business_date=business_date, actor=actor, now=now)
    billing.set_up_charge_codes(place=place, actor=actor, now=now)
    code, name, name_en = STARTING_PLAN
    add_rate_plan(place=place, code=code, name=name, name_en=name_en, actor=actor, now=now)
    for position, row in enumerate(STARTING_CODES):
        add_booking_code(
            place=place, axis=row.axis, code=row.code, name=row.name, name_en=row.name_en, position=position,
            actor=actor, now=now,
        )  # fmt: skip


@operation
def price_and_open(
    *, rate_plan: RatePlan, prices: dict[Any, tuple[Decimal, Decimal | None]], actor: Actor, now: datetime
) -> int:
    """Set base prices of a plan, (ordinary, weekend) by room type, and open the nights ahead at once instead of with the
    next day's schedule. Nights already priced keep their price. Returns how many (type, night) rows are new. Raises
    InvalidInput.
    """
    place = rate_plan.property
    for room_type, (price, weekend_price) in prices.items():
        set_base_price(
            rate_plan=rate_plan,
            room_type=room_type,
            price=price,
            weekend_price=weekend_price,
            actor=actor,
            now=now,
        )
    first = hotel.hold_business_date(place.pk)
    days = policy.value("inventory_horizon_days", property=place, on=first)
    return open_nights(place=place, first=first, end=first + timedelta(days=days), actor=actor, now=now)
