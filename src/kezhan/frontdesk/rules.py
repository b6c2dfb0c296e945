"""Pure functions of the desk: who is a minor, how deposits are shared, the figures of a day and their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kezhan.core.money import round_money

ADULT_AGE = 18
# Plans whose rooms are occupied and not sold (rooms for the house's own use, rooms given free).
NOT_SOLD = ("COMPLIMENTARY", "HOUSE_USE")
RATE = Decimal("0.0001")


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date | None, day: date) -> bool:
    return birth is not None and age_on(birth, day) < ADULT_AGE


def share_deduction(amounts: Sequence[Decimal], deduct: Decimal) -> list[Decimal]:
    """Take `deduct` from several deposits, the oldest first."""
    shares = []
    for amount in amounts:
        part = min(amount, deduct)
        shares.append(part)
        deduct -= part
    return shares


def rate(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A ratio with four places; None without a denominator, which is no zero."""
    return (Decimal(part) / Decimal(whole)).quantize(RATE, rounding=ROUND_HALF_UP) if whole else None


def per_room(amount: Decimal, rooms: int) -> Decimal | None:
    return round_money(amount / rooms) if rooms else None


def key_figures(*, rooms: int, out_of_order: int, sold: int, room_revenue_net: Decimal) -> dict[str, Any]:
    """OCC, ADR and RevPAR of one day on both bases: all rooms, and net of OOO. Room revenue is without tax."""
    net = rooms - out_of_order
    return {
        "rooms": {"all": rooms, "out_of_order": out_of_order, "net_of_out_of_order": net},
        "sold": sold,
        "occupancy": {"all": rate(sold, rooms), "net_of_out_of_order": rate(sold, net)},
        "adr": per_room(room_revenue_net, sold),
        "revpar": {
            "all": per_room(room_revenue_net, rooms),
            "net_of_out_of_order": per_room(room_revenue_net, net),
        },
    }


def plain(value: Any) -> Any:
    """Decimals and dates as text, so that a report reads the same from every database."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def report_digest(content: dict[str, Any], previous: str) -> str:
    """Over the report and yesterday's digest: a past report that drifts breaks every later one."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


# Words of a wish, and what a room has to offer for them.
_QUIET = ("安静", "quiet")  # no-translate: words of a guest
_HIGH = ("高楼", "高层", "high floor")  # no-translate: words of a guest
_LOW = ("低楼", "低层", "low floor")  # no-translate: words of a guest
_STEPLESS = ("无障碍", "轮椅", "accessible", "wheelchair")  # no-translate: words of a guest


def floor_number(floor: str) -> int:
    digits = "".join(ch for ch in floor if ch.isdigit())
    return int(digits) if digits else 0


def wish_rank(room: Any, wishes: str) -> tuple[int, int, str]:
    """Rooms that meet more of the wishes come first; a room made for those who need it is kept for them."""
    met = 0
    text = wishes.lower()
    asks = lambda words: any(word in text for word in words)  # noqa: E731
    if room.view and room.view.lower() in text:
        met += 2
    if asks(_STEPLESS):
        met += 4 if room.accessible else 0
    elif room.accessible:
        met -= 1
    floor = floor_number(room.floor)
    order = -floor if asks(_HIGH) or asks(_QUIET) else floor if asks(_LOW) else 0
    return -met, order, room.number
