"""Faults seen by running other systems, at the desk: each test is named after what happened there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core.dates import ONE_DAY
from kezhan.core.errors import DomainError
from kezhan.core.rights import RIGHTS
from kezhan.frontdesk import api as frontdesk
from kezhan.frontdesk.models import Stay
from kezhan.frontdesk.tests.factories import arrive, card, expect, make_house
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON
from kezhan.reservations import api as reservations

pytestmark = pytest.mark.django_db


def test_one_room_assigned_to_two_overlapping_stays_and_the_second_half_checked_in():
    """Row 7: the second check-in answered 400 and yet was in house with a folio."""
    inn = make_house()
    arrive(inn, "101", nights=2)
    second = expect(inn, nights=2)
    with pytest.raises(DomainError):
        reservations.assign_room(
            booking_room_id=second.pk, room_id=inn.rooms["101"].pk, actor=inn.actor, now=NOON
        )
    hotel.Room.objects.filter(number="101").update(occupancy="VACANT")  # as if somebody had meddled
    before = (Stay.objects.count(), billing.Folio.objects.count(), audit.Event.objects.count())
    with pytest.raises(DomainError):
        arrive(inn, "101", booked=second)
    assert (Stay.objects.count(), billing.Folio.objects.count(), audit.Event.objects.count()) == before
    second.refresh_from_db()
    assert second.status == "HELD"


def test_check_in_a_year_early():
    """Row 11."""
    inn = make_house(nights=400)
    booked = expect(inn, first=365, nights=1)
    with pytest.raises(frontdesk.NotArrivingYet):
        arrive(inn, booked=booked)
    assert not Stay.objects.exists()


def test_two_rooms_with_one_number():
    """Row 11, the other half."""
    inn = make_house()
    with pytest.raises(hotel.RoomNumberTaken):
        hotel.add_room(
            place=inn.place, number="101", room_type=inn.types["STD"], floor="1", opened_date=date(2020, 1, 1),
            actor=inn.actor, now=NOON,
        )  # fmt: skip


def test_identity_number_stored_in_clear():
    """Row 18: read the raw column, as a thief of the file would."""
    inn = make_house()
    arrive(inn)
    number = card(inn.rooms["101"].pk % 1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM guests_guestdocument")
        [(raw,)] = cursor.fetchall()
    assert number.encode() not in bytes(raw)
    assert len(bytes(raw)) > len(number)


def test_trail_rows_name_no_person():
    """Row 17, for what the desk writes."""
    inn = make_house()
    stay = arrive(inn)
    frontdesk.check_out(stay_id=stay.pk, actor=inn.actor, now=NOON)
    events = audit.Event.objects.filter(verb__startswith="frontdesk.")
    assert events.count() == 2
    assert not audit.Event.objects.filter(actor_name="").exists()
    assert set(events.values_list("actor_name", "origin")) == {(inn.actor.name, "WEB")}


def test_room_chart_shows_20_of_1997_stays_without_names_and_hides_conflicts(client):
    """Row 19: all of the window, names, conflicts red; no silent limit."""
    inn = make_house([code for code, _right in RIGHTS], rooms_each=30)
    client.force_login(inn.user)
    for n in range(60):
        number = f"{1 + n % 2}{1 + n // 2:02}"
        booked = expect(
            inn, first=n % 5, nights=2, guest_name=f"客人{n}号", types=("STD" if n % 2 == 0 else "KING",)
        )
        reservations.assign_room(
            booking_room_id=booked.pk, room_id=inn.rooms[number].pk, actor=inn.actor, now=NOON
        )
    second_night = booked.arrival_date + ONE_DAY
    reservations.RoomNight.objects.filter(booking_room=booked, date=second_night).delete()
    page = client.get(reverse("frontdesk:chart", kwargs={"property_code": inn.place.code}))
    text = page.content.decode()
    assert page.context["chart"].bars == 60
    assert all(f"客人{n}号" in text for n in range(60))
    assert (page.context["chart"].conflicts, "is-conflict" in text) == (1, True)
    today = client.get(
        reverse("frontdesk:today", kwargs={"property_code": inn.place.code}) + "?lane=arrivals"
    )
    assert len(today.context["arrivals"]) == today.context["counts"]["arrivals"] == 12


def test_own_demo_data_crash_the_night_audit_page(client):
    """Row 21, for the pages of the desk with every oddity we know: no name, day use, a credit, a free room."""
    inn = make_house([code for code, _right in RIGHTS])
    client.force_login(inn.user)
    stay = arrive(inn, "101", nights=2)
    reservations.BookingNight.objects.filter(booking_room=stay.booking_room).update(price=Decimal("-6.38"))
    arrive(inn, "201", nights=1, booking={"types": ("KING",)})
    reservations.BookingNight.objects.exclude(booking_room=stay.booking_room).update(price=0)
    type(stay.booking_room.booking.guest).objects.update(name="")
    expect(inn)
    names = ("today", "rack", "chart", "night_audit", "walk_in")
    for name in names:
        assert (
            client.get(reverse(f"frontdesk:{name}", kwargs={"property_code": inn.place.code})).status_code
            == 200
        )
    frontdesk.night_audit.run(place=inn.place, business_date=inn.day(0), actor=inn.actor, now=NOON)
    for name in names:
        assert (
            client.get(reverse(f"frontdesk:{name}", kwargs={"property_code": inn.place.code})).status_code
            == 200
        )
