"""Leaving, and taking back a mistake of the desk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kezhan.billing import api as billing
from kezhan.core.errors import DomainError
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.models import Stay
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import make_request, sold

from .factories import arrive, close_day, make_house, person

pytestmark = pytest.mark.django_db
NEXT = NOON + timedelta(days=1)


@pytest.fixture
def inn():
    return make_house()


def leave(inn, stay, now=NOON, **given):
    return frontdesk.check_out(stay_id=stay.pk, actor=inn.actor, now=now, **given)


def cash(amount):
    return frontdesk.PaymentAtDesk(amount=Decimal(amount), tender="CASH")


@pytest.fixture
def slept(inn):
    """A stay of three nights whose first night is charged."""
    stay = arrive(inn, nights=3)
    close_day(inn)
    return stay


def test_check_out_pays_returns_the_deposit_and_gives_unused_nights_back(inn, slept):
    assert sold(inn, "STD", 0, 1, 2) == [1, 1, 1]
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    slept.refresh_from_db()
    assert (slept.status, slept.checked_out_business_date) == ("DEPARTED", inn.day(1))
    assert sold(inn, "STD", 0, 1, 2) == [1, 0, 0]
    assert list(reservations.RoomNight.objects.values_list("date", flat=True)) == [inn.day(0)]
    folio = billing.Folio.objects.get(pk=slept.folio_id)
    assert (folio.status, billing.balance(folio.pk).settled) == ("CLOSED", True)
    assert billing.Deposit.objects.get().status == "RETURNED"
    assert slept.guests.get().departed_at == NEXT


def test_the_room_is_dirty_and_its_cleaning_planned(inn, slept):
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    room = hotel.room_by_number(inn.place, "101")
    assert hotel.status_code(room.occupancy, room.cleanliness) == "VD"
    task = housekeeping.open_task(room.pk)
    assert (task.kind, task.status, task.business_date) == ("DEPARTURE", "PLANNED", inn.day(1))


def test_refused_while_the_bill_is_open_and_nothing_changes(inn, slept):
    with pytest.raises(frontdesk.BalanceDue):
        leave(inn, slept, NEXT, payments=[cash("299.99")])
    slept.refresh_from_db()
    assert (slept.status, billing.Deposit.objects.get().status) == ("IN_HOUSE", "HELD")
    assert billing.balance(slept.folio_id).guest == Decimal("300.00")


def test_a_deduction_needs_a_reason_and_goes_to_the_bill(inn, slept):
    with pytest.raises(frontdesk.ReasonMissing):
        leave(inn, slept, NEXT, deduct=Decimal(300))
    with pytest.raises(frontdesk.DeductionTooHigh):
        leave(inn, slept, NEXT, deduct=Decimal(301), deduct_reason="抵房费")
    leave(inn, slept, NEXT, deduct=Decimal(300), deduct_reason="抵房费")
    deposit = billing.Deposit.objects.get()
    assert (deposit.status, deposit.applied_amount, deposit.returned_amount) == (
        "SETTLED",
        Decimal(300),
        Decimal(0),
    )


def test_leaving_twice_is_refused_and_posts_nothing(inn, slept):
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    lines = billing.Posting.objects.count()
    with pytest.raises(frontdesk.StayNotInHouse):
        leave(inn, slept, NEXT, payments=[cash("300.00")])
    assert billing.Posting.objects.count() == lines


def test_a_check_in_is_undone_on_its_day(inn):
    stay = arrive(inn, nights=2)
    with pytest.raises(frontdesk.ReasonMissing):
        frontdesk.undo_check_in(stay_id=stay.pk, reason="", actor=inn.actor, now=NOON)
    frontdesk.undo_check_in(stay_id=stay.pk, reason="办错房", actor=inn.actor, now=NOON, room_entered=False)
    stay.refresh_from_db()
    room = hotel.room_by_number(inn.place, "101")
    assert (stay.status, room.occupancy, room.cleanliness) == ("UNDONE", "VACANT", "INSPECTED")
    assert billing.Deposit.objects.get().status == "RETURNED"
    again = arrive(inn, "102", booked=reservations.BookingRoom.objects.get())
    assert Stay.objects.filter(status="IN_HOUSE").get() == again


def test_a_day_use_charge_goes_back_with_its_check_in(inn):
    room = reservations.RoomRequest(
        room_type="STD", rate_plan="BAR", day_use=True, day_use_price=Decimal("150.00"), price_reason="四小时"
    )
    stay = frontdesk.walk_in(
        place=inn.place, request=make_request(inn, 0, 0, rooms=(room,)), room_id=inn.rooms["101"].pk,
        guests=[person()], actor=inn.actor, now=NOON, deposit_waiver_reason="钟点房", price_override=True,
    )  # fmt: skip
    frontdesk.undo_check_in(stay_id=stay.pk, reason="客人离开", actor=inn.actor, now=NOON)
    assert billing.balance(stay.folio_id).settled
    assert hotel.room_by_number(inn.place, "101").cleanliness == "DIRTY"


def test_nothing_is_undone_after_night_audit(inn, slept):
    with pytest.raises(frontdesk.TooLateToUndo):
        frontdesk.undo_check_in(stay_id=slept.pk, reason="办错房", actor=inn.actor, now=NEXT)
    frontdesk.change_departure(
        stay_id=slept.pk, departure=inn.day(1), reason="提前离店", actor=inn.actor, now=NEXT
    )
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    close_day(inn, inn.day(1), NEXT)
    with pytest.raises(frontdesk.TooLateToUndo):
        frontdesk.undo_check_out(stay_id=slept.pk, reason="办错房", actor=inn.actor, now=NEXT)


def test_a_check_out_is_undone_on_its_day(inn, slept):
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    frontdesk.undo_check_out(stay_id=slept.pk, reason="客人未走", actor=inn.actor, now=NEXT)
    slept.refresh_from_db()
    room = hotel.room_by_number(inn.place, "101")
    assert (slept.status, slept.checked_out_at, room.occupancy) == ("IN_HOUSE", None, "OCCUPIED")
    assert sold(inn, "STD", 0, 1, 2) == [1, 1, 1]
    assert billing.balance(slept.folio_id) == billing.Balance(deposit=Decimal("300.00"))
    assert housekeeping.open_task(room.pk) is None
    leave(inn, slept, NEXT)


def test_a_check_out_is_not_undone_into_a_room_given_away(inn, slept):
    leave(inn, slept, NEXT, payments=[cash("300.00")])
    hotel.Room.objects.filter(number="101").update(cleanliness="INSPECTED")
    arrive(inn, "101", booking={"first": 1})
    with pytest.raises(DomainError):
        frontdesk.undo_check_out(stay_id=slept.pk, reason="客人未走", actor=inn.actor, now=NEXT)
    slept.refresh_from_db()
    assert slept.status == "DEPARTED"


def test_a_guest_moves_and_stays_longer(inn, slept):
    with pytest.raises(frontdesk.RoomOccupied):
        frontdesk.move_room(
            stay_id=slept.pk, room_id=inn.rooms["101"].pk, reason="换房", actor=inn.actor, now=NEXT
        )
    frontdesk.move_room(
        stay_id=slept.pk, room_id=inn.rooms["102"].pk, reason="空调坏", actor=inn.actor, now=NEXT
    )
    nights = reservations.RoomNight.objects.order_by("date").values_list("room__number", flat=True)
    assert list(nights) == ["101", "102", "102"]
    assert hotel.room_by_number(inn.place, "101").cleanliness == "DIRTY"
    frontdesk.change_departure(
        stay_id=slept.pk, departure=inn.day(4), reason="延住", actor=inn.actor, now=NEXT
    )
    slept.refresh_from_db()
    assert (slept.room.number, slept.departure_date) == ("102", inn.day(4))
    assert sold(inn, "STD", 3) == [1]
