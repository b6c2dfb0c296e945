"""The answer to "what is free": the most asked question of all, hence two statements written by hand.

Measured: Django's compiler takes longer to write them than both databases need to answer. Everything else here goes
through the ORM.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import InvalidInput
from kezhan.core.money import CENT, ZERO
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from .models import NightPrice, RatePlan, RoomTypeNight
from .values import PlanOffer, TypeOffer

# The parameter max_nights is never set below this, so that a shorter stay need not ask for it.
SHORTEST_LIMIT = 31

_TYPES = f"""
    SELECT t.id, t.code, t.name, t.name_en,
           MIN(n.capacity - n.out_of_order - n.blocked + n.overbook_allowance - n.sold)
      FROM {RoomTypeNight._meta.db_table} n JOIN {hotel.RoomType._meta.db_table} t ON t.id = n.room_type_id
     WHERE n.property_id = %s AND n.date >= %s AND n.date < %s
       AND t.max_adults >= %s AND (t.retired_date IS NULL OR t.retired_date >= %s)
     GROUP BY t.id, t.code, t.name, t.name_en, t.position
    HAVING COUNT(*) = %s
     ORDER BY t.position, t.code
"""  # noqa: S608 - names of our own tables
_PRICES = f"""
    SELECT p.room_type_id, r.code, r.name, r.name_en, r.currency, p.date, p.price
      FROM {NightPrice._meta.db_table} p JOIN {RatePlan._meta.db_table} r ON r.id = p.rate_plan_id
     WHERE p.property_id = %s AND p.date >= %s AND p.date < %s
       AND r.public AND NOT r.members_only AND (r.retired_date IS NULL OR r.retired_date >= %s)
     ORDER BY p.room_type_id, r.position, r.code, p.date
"""  # noqa: S608 - names of our own tables


def availability(
    place: Any, arrival: date, departure: date, *, rooms: int = 1, adults: int = 1
) -> list[TypeOffer]:
    """What a guest can book for the nights [arrival, departure): every type for sale on all of them that takes the party,
    with the public plans priced for every night. Three queries, however many bookings there are.

    `adults` are shared out over `rooms`. Raises InvalidInput for a stay that cannot be booked.
    """
    _require_askable(place, arrival, departure, rooms, adults)
    english = (get_language() or "").startswith("en")
    with connection.cursor() as cursor:
        nights = (departure - arrival).days
        period = [place.pk, arrival, departure]
        cursor.execute(_TYPES, [*period, -(-adults // rooms), departure, nights])
        types = cursor.fetchall()
        cursor.execute(_PRICES, [*period, departure])
        plans = _plans(cursor.fetchall(), nights, rooms, english)
    return [
        TypeOffer(code, name_en if english and name_en else name, max(left, 0), plans.get(pk, []))
        for pk, code, name, name_en, left in types
    ]


def _plans(rows: list[tuple], nights: int, rooms: int, english: bool) -> dict[int, list[PlanOffer]]:
    """Plans by type. The rows of a plan stand together; a plan without a price for every night is left out."""
    found: dict[int, list[PlanOffer]] = {}
    for start, last in _groups(rows):
        if last - start != nights:
            continue
        type_id, code, name, name_en, currency = rows[start][:5]
        nightly = [(row[5], as_money(row[6])) for row in rows[start:last]]
        total = sum([price for _day, price in nightly], ZERO) * rooms
        words = name_en if english and name_en else name
        found.setdefault(type_id, []).append(PlanOffer(code, words, nightly, total, currency))
    return found


def _groups(rows: list[tuple]) -> list[tuple[int, int]]:
    """Half-open runs of rows of the same type and plan."""
    edges = [n for n in range(1, len(rows)) if rows[n][:2] != rows[n - 1][:2]]
    return list(zip([0, *edges], [*edges, len(rows)], strict=True)) if rows else []


def as_money(price: Any) -> Decimal:
    """SQLite hands out numbers where PostgreSQL hands out Decimals."""
    return price if isinstance(price, Decimal) else Decimal(str(price)).quantize(CENT)


def _require_askable(place: Any, arrival: date, departure: date, rooms: int, adults: int) -> None:
    today = hotel.business_date(place)
    nights = (departure - arrival).days
    problems: dict[str, Any] = {}
    if arrival < today:
        problems["arrival"] = _("到店日期不能早于营业日 %(date)s。") % {"date": today}
    if nights < 1:
        problems["departure"] = _("离店日期必须晚于到店日期。")
    elif nights > SHORTEST_LIMIT and nights > (
        longest := policy.value("max_nights", property=place, on=today)
    ):
        problems["departure"] = _("一次最多预订 %(nights)s 晚。") % {"nights": longest}
    if rooms < 1:
        problems["rooms"] = _("至少预订一间房。")
    elif adults < rooms:
        problems["adults"] = _("每间房至少一位成人。")
    if problems:
        raise InvalidInput(fields=problems)
