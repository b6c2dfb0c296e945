"""Pure functions of a booking's life: allowed steps, stay checks, cancellation terms. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kezhan.core.money import ZERO, round_money

from .choices import BookingStatus as B
from .choices import RoomStatus as R
from .values import BookingRequest, CancelTerms, RoomRequest

# Every step a booking may take; a test walks the whole table. Cancellation is a branch, not a node (R-3.1(1)); the two
# ways back from IN_HOUSE and DEPARTED undo a mistake of the desk.
BOOKING_STEPS: dict[B, frozenset[B]] = {
    B.ENQUIRY: frozenset({B.ELIGIBLE, B.DECLINED, B.CANCELLED}),
    B.ELIGIBLE: frozenset({B.UNDER_REVIEW, B.ALLOTTED, B.DECLINED, B.CANCELLED}),
    B.UNDER_REVIEW: frozenset({B.ALLOTTED, B.DECLINED, B.CANCELLED}),
    B.ALLOTTED: frozenset({B.CONFIRMED, B.CANCELLED}),
    B.CONFIRMED: frozenset({B.GUEST_CONFIRMED, B.IN_HOUSE, B.CANCELLED, B.NO_SHOW}),
    B.GUEST_CONFIRMED: frozenset({B.IN_HOUSE, B.CANCELLED, B.NO_SHOW}),
    B.IN_HOUSE: frozenset({B.DEPARTED, B.CONFIRMED, B.GUEST_CONFIRMED}),
    B.DEPARTED: frozenset({B.IN_HOUSE}),
    B.DECLINED: frozenset(),
    B.CANCELLED: frozenset(),
    B.NO_SHOW: frozenset(),
}
ROOM_STEPS: dict[R, frozenset[R]] = {
    R.ASKED: frozenset({R.HELD, R.CANCELLED}),
    R.HELD: frozenset({R.IN_HOUSE, R.CANCELLED, R.NO_SHOW}),
    R.IN_HOUSE: frozenset({R.DEPARTED, R.HELD}),
    R.DEPARTED: frozenset({R.IN_HOUSE}),
    R.CANCELLED: frozenset(),
    R.NO_SHOW: frozenset(),
}
CONFIRMED = frozenset({B.CONFIRMED, B.GUEST_CONFIRMED})
NOT_ALLOTTED = frozenset({B.ENQUIRY, B.ELIGIBLE, B.UNDER_REVIEW})


def may_step(before: str, after: str) -> bool:
    return B(after) in BOOKING_STEPS[B(before)]


def room_may_step(before: str, after: str) -> bool:
    return R(after) in ROOM_STEPS[R(before)]


def status_from_rooms(rooms: Iterable[str], confirmed: str) -> B:
    """What a confirmed booking is, given its rooms: in house while anybody is, ended when nobody is expected any more.
    `confirmed` is what it falls back to while guests are still to come.
    """
    states = set(rooms)
    if R.IN_HOUSE in states:
        return B.IN_HOUSE
    if R.HELD in states:
        return B(confirmed)
    return next(B(end.value) for end in (R.DEPARTED, R.NO_SHOW, R.CANCELLED) if end in states)


def stay_problems(
    request: BookingRequest, *, today: date, longest: int, most_rooms: int, history: bool
) -> dict[str, object]:
    """What is wrong with the dates and the number of rooms, by field. `history` is brought in as it happened."""
    problems: dict[str, object] = {}
    count = (request.departure - request.arrival).days
    if not history and request.arrival < today:
        problems["arrival"] = _("到店日期不能早于营业日 %(date)s。") % {"date": today}
    if count < 0 or (count == 0 and not all(room.day_use for room in request.rooms)):
        problems["departure"] = _("离店日期必须晚于到店日期；当天离店请选日用房。")
    elif count > 0 and any(room.day_use for room in request.rooms):
        problems["departure"] = _("日用房当天到店、当天离店。")
    elif not history and count > longest:
        problems["departure"] = _("一次最多预订 %(nights)s 晚。") % {"nights": longest}
    if not request.rooms:
        problems["rooms"] = _("至少预订一间房。")
    elif len(request.rooms) > most_rooms:
        problems["rooms"] = _("一次最多预订 %(rooms)s 间。") % {"rooms": most_rooms}
    return problems


def party_problem(room: RoomRequest, max_adults: int, max_guests: int) -> object | None:
    if min(room.adults, room.children, room.infants) < 0 or room.adults < 1:
        return _("每间房至少一位成人。")
    if room.adults > max_adults or room.adults + room.children > max_guests:
        return _("这个房型最多住 %(adults)s 位成人，连同儿童共 %(guests)s 人。") % {
            "adults": max_adults,
            "guests": max_guests,
        }
    return None


def arrival_moment(arrival: date, at: time, zone: str) -> datetime:
    return datetime.combine(arrival, at, ZoneInfo(zone)).astimezone(UTC)


def cancel_terms(
    *,
    arrival: date,
    arrival_time: time | None,
    held_until: time,
    zone: str,
    grace: timedelta,
    percent: Decimal,
    confirmed_at: datetime,
) -> CancelTerms:
    """The window runs from confirmation and closes `grace` before the stated arrival; without a stated time the hour
    until which a room is held counts as one (R-3.1(10), R-3.1(11)).
    """
    free_until = arrival_moment(arrival, arrival_time or held_until, zone) - grace
    return CancelTerms(
        free_until=free_until,
        held_until=arrival_moment(arrival, held_until, zone),
        percent=percent,
        has_grace=free_until > confirmed_at,
    )


def cancellation_fee(first_nights: Decimal, terms: CancelTerms, at: datetime) -> Decimal:
    """What is kept of the first night (of all rooms) when the guest cancels at `at`."""
    if terms.has_grace and at <= terms.free_until:
        return ZERO
    kept = Decimal(100) - terms.percent if at < terms.held_until else Decimal(100)
    return round_money(max(first_nights, ZERO) * kept / 100)


def weekend(day: date) -> bool:
    """Friday and Saturday nights."""
    return day.weekday() in (4, 5)


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Half-open runs of consecutive days."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + timedelta(days=1))
        else:
            found.append((day, day + timedelta(days=1)))
    return found
