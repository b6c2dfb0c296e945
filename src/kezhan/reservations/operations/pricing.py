"""The server prices everything: codes are looked up, each night gets the price of its own date, and what the caller may not
decide is refused by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kezhan.core.dates import nights
from kezhan.core.errors import InvalidInput
from kezhan.core.money import ZERO, round_money
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy
from kezhan.reservations import rules
from kezhan.reservations.choices import CodeAxis, RatePlanKind
from kezhan.reservations.models import BookingCode, NightPrice, RatePlan
from kezhan.reservations.offers import as_money
from kezhan.reservations.refusals import PriceNotAllowed
from kezhan.reservations.values import BookingRequest, PlanFacts, PricedRoom, RoomRequest, TypeFacts

GIVEN_AWAY = frozenset({RatePlanKind.COMPLIMENTARY, RatePlanKind.HOUSE_USE})
# Written by hand: every booking runs it, and Django's compiler takes longer than the database.
_PRICES = f"""
    SELECT {", ".join(f"t.{name}" for name in TypeFacts._fields)},
           {", ".join(f"r.{name}" for name in PlanFacts._fields)}, p.date, p.price
      FROM {NightPrice._meta.db_table} p
      JOIN {hotel.RoomType._meta.db_table} t ON t.id = p.room_type_id
      JOIN {RatePlan._meta.db_table} r ON r.id = p.rate_plan_id
     WHERE p.property_id = %s AND p.date >= %s AND p.date < %s
       AND t.code IN ({{types}}) AND r.code IN ({{plans}})
"""  # noqa: S608 - names of our own tables


@dataclass(slots=True)
class Catalogue:
    """What the codes of a request mean, and the price of each (type, plan, night)."""

    types: dict[str, TypeFacts]
    plans: dict[str, PlanFacts]
    prices: dict[tuple[int, int, date], Decimal]


def price_rooms(
    *, place: Any, request: BookingRequest, today: date, history: bool, override: bool, public_only: bool
) -> list[PricedRoom]:
    """Check the stay and price every room of the request. `history` takes a stay as it happened (past dates, any party);
    `override` lets agreed prices stand; `public_only` knows only plans anybody may book. Raises InvalidInput by field
    (`arrival`, `rooms.0.rate_plan` …), PriceNotAllowed.
    """
    problems = rules.stay_problems(
        request,
        today=today,
        longest=policy.value("max_nights", property=place, on=today),
        most_rooms=policy.value("max_rooms_per_booking", property=place, on=today),
        history=history,
    )
    if problems:
        raise InvalidInput(fields=problems)
    days = nights(request.arrival, request.departure)
    known = catalogue(place, request.rooms, request.arrival, request.departure, request.arrival)
    priced = []
    for index, room in enumerate(request.rooms):
        if _is_override(room) and not override:
            raise PriceNotAllowed()
        found, wrong = _price_room(room, known, days, history, public_only, override)
        problems |= {f"rooms.{index}.{name}": words for name, words in wrong.items()}
        priced.append(found)
    if problems:
        raise InvalidInput(fields=problems)
    return [room for room in priced if room is not None]


def _is_override(room: RoomRequest) -> bool:
    return room.nightly_prices is not None or (room.day_use and room.day_use_price is not None)


def _price_room(
    room: RoomRequest,
    known: Catalogue,
    days: Sequence[date],
    history: bool,
    public_only: bool,
    override: bool,
) -> tuple[PricedRoom | None, dict[str, Any]]:
    kind, plan = known.types.get(room.room_type), known.plans.get(room.rate_plan)
    wrong: dict[str, Any] = {}
    if kind is None:
        wrong["room_type"] = _("没有这个房型。")
    elif not history and (words := rules.party_problem(room, kind.max_adults, kind.max_guests)):
        wrong["adults"] = words
    if plan is None or (public_only and not plan.public):
        wrong["rate_plan"] = _("没有这个价格代码。")
    elif plan.kind in GIVEN_AWAY and not (override and room.price_reason.strip()):
        wrong["rate_plan"] = _("免费房和自用房需要改价权限和原因。")
    if kind is None or plan is None or wrong:
        return None, wrong
    if _is_override(room):
        prices, wrong = _agreed_prices(room, days, history)
    else:
        prices, wrong = _listed_prices(room, kind, plan, known, days)
    total = sum(prices, ZERO)
    lines = [] if room.day_use else list(zip(days, prices, strict=False))
    return PricedRoom(room, kind, plan, lines, total, _is_override(room)), wrong


def _agreed_prices(
    room: RoomRequest, days: Sequence[date], history: bool
) -> tuple[list[Decimal], dict[str, Any]]:
    """A person's own price needs a reason and is not below zero; history may hold a credit."""
    given = [room.day_use_price] if room.day_use else list(room.nightly_prices or ())
    if len(given) != max(len(days), 1):
        return [], {"nightly_prices": _("每晚一个价格：共 %(nights)s 晚。") % {"nights": len(days)}}
    prices = [round_money(price) for price in given if price is not None]
    if not history and any(price < 0 for price in prices):
        return prices, {"nightly_prices": _("价格不能小于零。")}
    if not room.price_reason.strip():
        return prices, {"price_reason": _("请写明改价原因。")}
    return prices, {}


def _listed_prices(
    room: RoomRequest, kind: TypeFacts, plan: PlanFacts, known: Catalogue, days: Sequence[date]
) -> tuple[list[Decimal], dict[str, Any]]:
    if room.day_use:
        price = next(
            (
                price
                for (type_id, plan_id, _day), price in known.prices.items()
                if (type_id, plan_id) == (kind.id, plan.id)
            ),
            None,
        )
        return ([price], {}) if price is not None else ([], {"rate_plan": _no_price(kind, plan, [])})
    missing = [day for day in days if (kind.id, plan.id, day) not in known.prices]
    if missing:
        return [], {"rate_plan": _no_price(kind, plan, missing)}
    return [known.prices[kind.id, plan.id, day] for day in days], {}


def _no_price(kind: TypeFacts, plan: PlanFacts, missing: Sequence[date]) -> Any:
    return _("价格 %(rate_plan)s 没有房型 %(room_type)s 在 %(nights)s 的价格。") % {
        "rate_plan": plan.code,
        "room_type": kind.code,
        "nights": "、".join(f"{day:%m-%d}" for day in missing[:10]) or _("当天"),
    }


def catalogue(place: Any, rooms: Iterable[RoomRequest], first: date, end: date, on: date) -> Catalogue:
    """One query where everything asked for has a price; what has none is looked up by itself. Day use costs the price of
    its own date in its plan.
    """
    rooms = list(rooms)
    known = Catalogue({}, {}, {})
    listed = [room for room in rooms if not _is_override(room)]
    if listed:
        _read_prices(place, listed, first, max(end, date.fromordinal(first.toordinal() + 1)), known)
    _look_up(place, {room.room_type for room in rooms}, {room.rate_plan for room in rooms}, known)
    known.types = {code: row for code, row in known.types.items() if not _retired(row.retired_date, on)}
    known.plans = {code: row for code, row in known.plans.items() if not _retired(row.retired_date, on)}
    return known


def _read_prices(place: Any, rooms: Sequence[RoomRequest], first: date, end: date, known: Catalogue) -> None:
    types, plans = {room.room_type for room in rooms}, {room.rate_plan for room in rooms}
    statement = _PRICES.format(types=_marks(types), plans=_marks(plans))
    with connection.cursor() as cursor:
        cursor.execute(statement, [place.pk, first, end, *types, *plans])
        found = cursor.fetchall()
    width = len(TypeFacts._fields)
    for row in found:
        kind, plan = TypeFacts(*row[:width]), PlanFacts(*row[width:-2])
        known.types[kind.code], known.plans[plan.code] = kind, plan
        known.prices[kind.id, plan.id, row[-2]] = as_money(row[-1])


def _marks(values: Iterable[str]) -> str:
    return ", ".join("%s" for _value in values)


def _look_up(place: Any, types: set[str], plans: set[str], known: Catalogue) -> None:
    if absent := types - known.types.keys():
        rows = hotel.room_types_of(place).filter(code__in=absent).values_list(*TypeFacts._fields)
        known.types |= {row[1]: TypeFacts(*row) for row in rows}
    if absent := plans - known.plans.keys():
        rows = RatePlan.objects.of(place).filter(code__in=absent).values_list(*PlanFacts._fields)
        known.plans |= {row[1]: PlanFacts(*row) for row in rows}


def _retired(retired: date | None, on: date) -> bool:
    return retired is not None and retired <= on


def codes_of(place: Any, request: BookingRequest, today: date) -> dict[str, int]:
    """Ids of market, source and channel in one query. Raises InvalidInput."""
    asked = {
        CodeAxis.MARKET: request.market,
        CodeAxis.SOURCE: request.source,
        CodeAxis.CHANNEL: request.channel,
    }
    rows = BookingCode.objects.filter(property_id=place.pk, code__in=set(asked.values()))
    found = {
        (axis, code): pk
        for pk, axis, code, retired in rows.values_list("pk", "axis", "code", "retired_date")
        if not _retired(retired, today)
    }
    wrong = {axis.lower(): _("没有这个代码。") for axis, code in asked.items() if (axis, code) not in found}
    if wrong:
        raise InvalidInput(fields=wrong)
    return {axis.lower(): found[axis, code] for axis, code in asked.items()}
