"""Check-in: refused whole, or done whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.actor import system
from kezhan.core.errors import InvalidInput
from kezhan.core.memo import remember
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.models import Stay, StayGuest
from kezhan.guests import api as guests
from kezhan.hotel import api as hotel
from kezhan.hotel.queries import held_date_key
from kezhan.people.tests.factories import NOON
from kezhan.policy import api as policy
from kezhan.reservations import api as reservations
from kezhan.reservations.tests.factories import make_request

from .factories import arrive, card, expect, make_house, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def inn():
    return make_house()


def untouched(inn, booked, number="101"):
    """Nothing half done: no stay, no folio, room vacant, booking still expected, no trail."""
    booked.refresh_from_db()
    room = hotel.room_by_number(inn.place, number)
    return (
        Stay.objects.count(), billing.Folio.objects.count(), guests.GuestDocument.objects.count(), booked.status,
        room.occupancy, audit.Event.objects.filter(verb="frontdesk.checked_in").count(),
    ) == (0, 0, 0, "HELD", "VACANT", 0)  # fmt: skip


def test_check_in_registers_takes_the_deposit_and_occupies_the_room(inn):
    stay = arrive(inn, nights=2)
    room = hotel.room_by_number(inn.place, "101")
    assert (stay.status, room.occupancy) == ("IN_HOUSE", "OCCUPIED")
    stay.booking_room.refresh_from_db()
    assert stay.booking_room.status == "IN_HOUSE"
    nights = reservations.RoomNight.objects.filter(room=room).order_by("date")
    assert list(nights.values_list("date", "use")) == [(inn.day(0), "STAY"), (inn.day(1), "STAY")]
    row = stay.guests.get()
    assert (row.is_main, row.document_check, row.checked_by) == (True, "MATCHED", inn.actor.name)
    assert billing.balance(stay.folio_id) == billing.Balance(deposit=Decimal("300.00"))
    assert row.guest.kind == "REGULAR"


def test_the_trail_names_actor_and_origin_and_no_person(inn):
    stay = arrive(inn)
    event = audit.events_of(stay).get()
    assert (event.verb, event.actor_name, event.origin) == ("frontdesk.checked_in", inn.actor.name, "WEB")
    assert event.facts["room"] == "101"
    assert "王" not in str(event.facts)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ({"cleanliness": "DIRTY"}, frontdesk.RoomNotReady),
        ({"cleanliness": "CLEAN"}, frontdesk.RoomNotReady),
        ({"occupancy": "OCCUPIED"}, frontdesk.RoomOccupied),
    ],
)
def test_refused_while_the_room_is_not_ready(inn, status, refusal):
    booked = expect(inn)
    hotel.Room.objects.filter(number="101").update(**status)
    with pytest.raises(refusal):
        arrive(inn, booked=booked)
    assert not Stay.objects.exists()
    assert not billing.Folio.objects.exists()


def set_business_date(inn, day):
    """As if a night audit had been; a test lives in one transaction, which remembers the date it holds."""
    hotel.BusinessDay.objects.update(business_date=day)
    remember(held_date_key(inn.place.pk), day)


def test_refused_before_its_day_after_its_end_and_when_not_confirmed(inn):
    early = expect(inn, first=1)
    with pytest.raises(frontdesk.NotArrivingYet):
        arrive(inn, booked=early)
    assert untouched(inn, early)
    over = expect(inn)
    set_business_date(inn, inn.day(1))
    with pytest.raises(frontdesk.BookingIsOver):
        arrive(inn, booked=over)
    set_business_date(inn, inn.day(0))
    reservations.cancel(booking_id=over.booking_id, reason="行程取消", actor=system("test"), now=NOON)
    with pytest.raises(frontdesk.NotConfirmed):
        arrive(inn, booked=over)


def test_refused_into_a_room_of_another_type(inn):
    booked = expect(inn)
    with pytest.raises(frontdesk.WrongRoomType):
        arrive(inn, "201", booked=booked)
    assert untouched(inn, booked, "201")


@pytest.mark.clause("S-3.1(1)")
def test_refused_until_every_person_showed_a_document(inn):
    booked = expect(inn, adults=2)
    second = person(2, name="李芳", is_main=False, document_number="")
    with pytest.raises(frontdesk.DocumentMissing):
        arrive(inn, booked=booked, guests=[person(1), second])
    assert untouched(inn, booked)
    wrong = person(2, name="李芳", is_main=False, document_number=card(2)[:-1] + "Z")
    with pytest.raises(InvalidInput):
        arrive(inn, booked=booked, guests=[person(1), wrong])
    assert untouched(inn, booked)
    with pytest.raises(frontdesk.NobodyRegistered):
        arrive(inn, booked=booked, guests=[])
    stay = arrive(inn, booked=booked, guests=[person(1), person(2, name="李芳", is_main=False)])
    assert [row.document_id is not None for row in stay.guests.all()] == [True, True]


@pytest.mark.clause("S-3.1(1)")
def test_a_minor_is_registered_with_a_guardian(inn):
    booked = expect(inn, adults=2)
    child = {"name": "王小小", "phone": "", "is_main": False, "document_number": card(9, date(2018, 5, 5))}
    with pytest.raises(frontdesk.GuardianMissing):
        arrive(inn, booked=booked, guests=[person(1), person(9, **child)])
    assert untouched(inn, booked)
    child |= {"guardian_phone": "13900000001", "guardian_relation": "父亲"}
    stay = arrive(inn, booked=booked, guests=[person(1), person(9, **child)])
    row = stay.guests.get(is_main=False)
    assert (row.is_minor, row.guardian_relation) == (True, "父亲")
    assert b"13900000001" not in bytes(row.guardian_phone)


@pytest.mark.clause("S-3.1(4)")
def test_a_deposit_is_taken_or_waived_with_a_reason(inn):
    booked = expect(inn)
    with pytest.raises(frontdesk.DepositMissing):
        arrive(inn, booked=booked, deposit=None, deposit_waiver_reason=" ")
    assert untouched(inn, booked)
    stay = arrive(inn, booked=booked, deposit=None, deposit_waiver_reason="协议公司担保")
    assert audit.events_of(stay).get().reason == "协议公司担保"
    reading = policy.measure("frontdesk.deposit_taken", inn.place, inn.day(0), inn.day(1), NOON)
    assert (reading.counts["waived"], reading.counts["met"]) == (1, 0)
    arrive(inn, "102")
    reading = policy.measure("frontdesk.deposit_taken", inn.place, inn.day(0), inn.day(1), NOON)
    assert reading.counts["met"] == 1


@pytest.mark.clause("S-3.1(4)")
def test_the_deposit_is_proposed_by_the_houses_rule(inn):
    booked = expect(inn, nights=2)
    assert frontdesk.proposed_deposit(booked, inn.day(0)) == Decimal("300.00")
    policy.set_value(
        "deposit_nights", 0, property=inn.place, effective_date=inn.day(0), today=inn.day(0), reason="固定押金",
        actor=inn.actor, now=NOON,
    )  # fmt: skip
    policy.set_value(
        "deposit_fixed_yuan", Decimal(200), property=inn.place, effective_date=inn.day(0), today=inn.day(0),
        reason="固定押金", actor=inn.actor, now=NOON,
    )  # fmt: skip
    assert frontdesk.proposed_deposit(booked, inn.day(0)) == Decimal("200.00")


def test_a_failure_at_the_last_step_leaves_nothing(inn, monkeypatch):
    booked = expect(inn)

    def fail(*args, **given):
        raise RuntimeError

    monkeypatch.setattr(billing, "take_deposit", fail)
    with pytest.raises(RuntimeError):
        arrive(inn, booked=booked)
    monkeypatch.undo()
    assert untouched(inn, booked)


def test_the_identity_number_is_nowhere_in_clear(inn):
    stay = arrive(inn)
    number = card(inn.rooms["101"].pk % 1000)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                assert number not in str(row), table
                assert not any(
                    number.encode() in bytes(v) for v in row if isinstance(v, bytes | memoryview)
                ), table
    assert guests.masked_document(stay.guests.get().document) == f"{number[:4]}**********{number[-4:]}"


def test_a_known_document_finds_its_guest_again(inn):
    first = arrive(inn)
    frontdesk.undo_check_in(stay_id=first.pk, reason="错房", actor=inn.actor, now=NOON, room_entered=False)
    again = arrive(inn, "102", guests=[person(inn.rooms["101"].pk % 1000, phone="")])
    assert again.guests.get().guest_id == first.guests.get().guest_id


def test_another_person_is_registered_later_once(inn):
    stay = arrive(inn)
    second = person(77, name="李芳", is_main=False)
    frontdesk.register_guest(stay_id=stay.pk, person=second, actor=inn.actor, now=NOON)
    with pytest.raises(frontdesk.RegisteredTwice):
        frontdesk.register_guest(stay_id=stay.pk, person=second, actor=inn.actor, now=NOON)
    assert StayGuest.objects.filter(stay=stay).count() == 2


def test_a_walk_in_is_booked_and_checked_in_or_neither(inn):
    given = {
        "place": inn.place, "request": make_request(inn, 0, 1), "actor": inn.actor, "now": NOON,
        "deposit": frontdesk.DepositAtDesk(amount=Decimal(300), tender="CASH"),
    }  # fmt: skip
    with pytest.raises(frontdesk.NobodyRegistered):
        frontdesk.walk_in(room_id=inn.rooms["101"].pk, guests=[], **given)
    assert not reservations.Booking.objects.exists()
    stay = frontdesk.walk_in(room_id=inn.rooms["101"].pk, guests=[person()], **given)
    assert stay.booking_room.booking.confirmed_at == NOON
    assert reservations.Booking.objects.get().status == "IN_HOUSE"


def test_day_use_is_charged_at_check_in_and_takes_no_night(inn):
    room = reservations.RoomRequest(
        room_type="STD", rate_plan="BAR", day_use=True, day_use_price=Decimal("150.00"), price_reason="四小时"
    )
    request = make_request(inn, 0, 0, rooms=(room,))
    stay = frontdesk.walk_in(
        place=inn.place, request=request, room_id=inn.rooms["101"].pk, guests=[person()], actor=inn.actor, now=NOON,
        deposit_waiver_reason="钟点房", price_override=True,
    )  # fmt: skip
    assert billing.balance(stay.folio_id).guest == Decimal("150.00")
    assert not reservations.RoomNight.objects.exists()


@pytest.mark.clause("S-3.1(3)")
def test_only_inspected_rooms_of_the_type_are_offered_the_wished_for_first(inn):
    booked = expect(inn)
    offered = lambda: [room.number for room in frontdesk.rooms_to_offer(booked, inn.day(0))]  # noqa: E731
    assert offered() == ["101", "102"]
    hotel.Room.objects.filter(number="102").update(view="湖景")
    reservations.Booking.objects.update(wishes="想要湖景")
    booked.booking.refresh_from_db()
    assert offered() == ["102", "101"]
    hotel.Room.objects.filter(number="102").update(cleanliness="CLEAN")
    assert offered() == ["101"]
    arrive(inn, "101")
    assert offered() == []


def test_the_control_counts_people_with_a_checked_document(inn):
    arrive(inn)
    reading = policy.measure("frontdesk.documents_checked", inn.place, inn.day(0), inn.day(1), NOON)
    assert reading.counts["met"] == 1
    StayGuest.objects.update(document=None, document_check="PROVISIONAL")
    reading = policy.measure("frontdesk.documents_checked", inn.place, inn.day(0), inn.day(1), NOON)
    assert (reading.counts["met"], reading.counts["waived"]) == (0, 1)
