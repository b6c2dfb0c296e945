"""Pure functions of the desk: who is a minor, which deposit is proposed, the figures of a day and their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kezhan.core.money import ZERO, round_money

from .choices import DepositRule

ADULT_AGE = 18
# Plans whose rooms are occupied and not sold (rooms for the house's own use, rooms given free).
NOT_SOLD = ("COMPLIMENTARY", "HOUSE_USE")
RATE = Decimal("0.0001")


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date | None, day: date) -> bool:
    return birth is not None and age_on(birth, day) < ADULT_AGE


def proposed_deposit(rule: str, nights: int, fixed: Decimal, prices: Sequence[Decimal]) -> Decimal:
    """What the desk asks for: the first nights' prices, or a fixed sum; never less than nothing."""
    if rule == DepositRule.FIXED:
        return round_money(fixed)
    return max(round_money(sum(prices[:nights], ZERO)), ZERO)


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
