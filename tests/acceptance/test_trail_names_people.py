"""Fault 17: not one of thousands of trail rows named a person. Here every row of a whole journey does, and the door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.tests.factories import arrive, close_day, make_house
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.people.tests.factories import NOON, make_token, make_user
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import make_booking, make_request

JOURNEY = {
    "reservations.booked", "reservations.enquired", "reservations.cancelled", "guests.profile_made", "frontdesk.checked_in",
    "frontdesk.checked_out", "frontdesk.departure_changed", "frontdesk.night_audit_started",
    "frontdesk.night_audit_finished", "housekeeping.cleaning_started", "housekeeping.cleaning_finished",
    "housekeeping.cleaning_inspected",
}  # fmt: skip


@pytest.fixture
def inn(db):
    return make_house(code="inn")


def journey(inn) -> None:
    """From an enquiry to a paid bill, by the clerk; the room is cleaned by one and inspected by another."""
    who = {"actor": inn.actor, "now": NOON}
    reservations.open_enquiry(place=inn.place, request=make_request(inn, 5), **who)
    gone = make_booking(inn, 7)
    reservations.cancel(booking_id=gone.pk, reason="改期", **who)
    stay = arrive(inn, nights=2)
    frontdesk.change_departure(stay_id=stay.pk, departure=inn.day(1), reason="提前离店", **who)
    billing.post_charge(folio_id=stay.folio_id, code="MINIBAR", amount=Decimal(20), **who)
    close_day(inn)
    who["now"] = NOON + timedelta(days=1)
    owed = billing.balance(stay.folio_id).guest
    frontdesk.check_out(
        stay_id=stay.pk, payments=[frontdesk.PaymentAtDesk(amount=owed, tender="CASH")], **who
    )
    task = housekeeping.open_task(stay.room_id)
    maid, boss = (make_user(inn.group).actor() for _ in range(2))
    housekeeping.start_cleaning(task_id=task.pk, actor=maid, now=who["now"])
    housekeeping.finish_cleaning(task_id=task.pk, actor=maid, now=who["now"])
    housekeeping.inspect(task_id=task.pk, passed=True, score=100, actor=boss, now=who["now"])
    assert hotel.room_by_number(inn.place, "101").cleanliness == "INSPECTED"


def test_row_17_no_trail_row_names_a_person(inn):
    before = audit.Event.objects.count()
    journey(inn)
    rows = list(audit.Event.objects.order_by("pk")[before:])
    assert {row.verb for row in rows} >= JOURNEY
    nameless = [row.verb for row in rows if not (row.actor_id and row.actor_name.strip() and row.origin)]
    assert nameless == []
    assert {(row.actor_kind, row.origin) for row in rows} == {("USER", "WEB")}
    clerk = inn.user
    assert [row.actor_name for row in rows if row.verb == "frontdesk.checked_out"] == [clerk.actor().name]
    assert {row.group_id for row in rows} == {inn.group.pk}


def test_row_17_a_machine_is_named_by_its_token(inn):
    token, text = make_token(inn.place, ["reservations.book"], now=timezone.now())
    body = {
        "arrival": inn.day(1).isoformat(), "departure": inn.day(2).isoformat(),
        "rooms": [{"room_type": "STD", "rate_plan": "BAR"}], "guest": {"name": "王小明", "phone": "13800000009"},
        "market": "FIT", "source": "PHONE", "channel": "DESK",
    }  # fmt: skip
    before = audit.Event.objects.count()
    answer = Client().post(
        "/api/v1/properties/inn/bookings",
        body,
        "application/json",
        headers={"Authorization": f"Bearer {text}"},
    )
    assert answer.status_code == 201
    rows = audit.Event.objects.order_by("pk")[before:]
    assert {(row.actor_kind, row.actor_id, row.actor_name, row.origin) for row in rows} == {
        ("TOKEN", str(token.pk), token.name, "REST")
    }
    assert "reservations.booked" in {row.verb for row in rows}
