"""Pure rules: the table of steps, the terms of cancellation, dates."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product

import pytest

from kezhan.reservations import rules
from kezhan.reservations.choices import BookingStatus as B
from kezhan.reservations.choices import RoomStatus as R

ALLOWED = {
    ("ENQUIRY", "ELIGIBLE"),
    ("ENQUIRY", "DECLINED"),
    ("ENQUIRY", "CANCELLED"),
    ("ELIGIBLE", "UNDER_REVIEW"),
    ("ELIGIBLE", "ALLOTTED"),
    ("ELIGIBLE", "DECLINED"),
    ("ELIGIBLE", "CANCELLED"),
    ("UNDER_REVIEW", "ALLOTTED"),
    ("UNDER_REVIEW", "DECLINED"),
    ("UNDER_REVIEW", "CANCELLED"),
    ("ALLOTTED", "CONFIRMED"),
    ("ALLOTTED", "CANCELLED"),
    ("CONFIRMED", "GUEST_CONFIRMED"),
    ("CONFIRMED", "IN_HOUSE"),
    ("CONFIRMED", "CANCELLED"),
    ("CONFIRMED", "NO_SHOW"),
    ("GUEST_CONFIRMED", "IN_HOUSE"),
    ("GUEST_CONFIRMED", "CANCELLED"),
    ("GUEST_CONFIRMED", "NO_SHOW"),
    ("IN_HOUSE", "DEPARTED"),
    ("IN_HOUSE", "CONFIRMED"),
    ("IN_HOUSE", "GUEST_CONFIRMED"),
    ("DEPARTED", "IN_HOUSE"),
}


@pytest.mark.parametrize(("before", "after"), list(product(B.values, B.values)))
def test_every_step_of_a_booking_is_in_the_table_or_refused(before, after):
    assert rules.may_step(before, after) == ((before, after) in ALLOWED)


@pytest.mark.parametrize(("before", "after"), list(product(R.values, R.values)))
def test_every_step_of_a_room_is_in_the_table_or_refused(before, after):
    allowed = {
        ("ASKED", "HELD"), ("ASKED", "CANCELLED"), ("HELD", "IN_HOUSE"), ("HELD", "CANCELLED"), ("HELD", "NO_SHOW"),
        ("IN_HOUSE", "DEPARTED"), ("IN_HOUSE", "HELD"), ("DEPARTED", "IN_HOUSE"),
    }  # fmt: skip
    assert rules.room_may_step(before, after) == ((before, after) in allowed)


@pytest.mark.parametrize(
    ("rooms", "status"),
    [
        (["HELD", "HELD"], "GUEST_CONFIRMED"),
        (["HELD", "IN_HOUSE"], "IN_HOUSE"),
        (["DEPARTED", "HELD"], "GUEST_CONFIRMED"),
        (["DEPARTED", "NO_SHOW"], "DEPARTED"),
        (["NO_SHOW", "CANCELLED"], "NO_SHOW"),
        (["CANCELLED"], "CANCELLED"),
    ],
)
def test_a_booking_is_what_its_rooms_are(rooms, status):
    assert rules.status_from_rooms(rooms, B.GUEST_CONFIRMED) == status


def terms(**given):
    defaults = {
        "arrival": date(2026, 11, 25),
        "arrival_time": None,
        "held_until": time(18),
        "zone": "Asia/Shanghai",
        "grace": timedelta(hours=24),
        "percent": Decimal(50),
        "confirmed_at": datetime(2026, 11, 22, 4, tzinfo=UTC),
    }
    return rules.cancel_terms(**(defaults | given))


def test_grace_closes_so_many_hours_before_the_hour_of_holding():
    found = terms()
    assert found.free_until == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert found.held_until == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert found.has_grace


def test_grace_counts_from_the_stated_arrival():
    assert terms(arrival_time=time(9)).free_until == datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_a_booking_made_too_late_has_no_grace():
    assert not terms(confirmed_at=datetime(2026, 11, 24, 10, tzinfo=UTC)).has_grace


@pytest.mark.parametrize(
    ("at", "fee"),
    [
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "0.00"),
        (datetime(2026, 11, 24, 10, 1, tzinfo=UTC), "150.50"),
        (datetime(2026, 11, 25, 9, 59, tzinfo=UTC), "150.50"),
        (datetime(2026, 11, 25, 10, 0, tzinfo=UTC), "301.00"),
    ],
)
def test_the_fee_is_part_of_the_first_night_until_the_room_is_no_longer_held(at, fee):
    assert rules.cancellation_fee(Decimal("301.00"), terms(), at) == Decimal(fee)


def test_runs_of_days_are_half_open():
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)]
    assert rules.runs(days) == [
        (date(2026, 11, 30), date(2026, 12, 2)),
        (date(2026, 12, 3), date(2026, 12, 4)),
    ]
