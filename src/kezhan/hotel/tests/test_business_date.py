"""The business date is stored state: opened once, rolled one day at a time, held by whoever writes."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import TestCase

from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON, make_house

from .factories import BUSINESS_DATE, make_hotel


class BusinessDateTest(TestCase):
    def test_a_house_not_opened_says_so(self):
        home = make_house()
        for read in (hotel.business_date, lambda place: hotel.hold_business_date(place.pk)):
            with self.assertRaises(hotel.NotOpenedYet):
                read(home.property)

    def test_opened_once(self):
        house = make_hotel()
        with self.assertRaises(hotel.AlreadyOpened):
            hotel.open_business_day(
                place=house.place, business_date=date(2026, 12, 1), actor=house.actor, now=NOON
            )
        self.assertEqual(hotel.business_date(house.place), BUSINESS_DATE)

    def test_rolled_from_the_open_date_only(self):
        house, other = make_hotel(), make_hotel()
        rolled = hotel.roll_business_date(
            place=house.place, from_date=BUSINESS_DATE, actor=house.actor, now=NOON
        )
        self.assertEqual((rolled, hotel.business_date(house.place)), (date(2026, 11, 23), date(2026, 11, 23)))
        for wrong in (BUSINESS_DATE, date(2030, 1, 1)):
            with self.assertRaises(hotel.NotTheOpenDate):
                hotel.roll_business_date(place=house.place, from_date=wrong, actor=house.actor, now=NOON)
        self.assertEqual(hotel.business_date(house.place.pk), date(2026, 11, 23))
        self.assertEqual(hotel.business_date(other.place), BUSINESS_DATE)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_a_mistake():
    house = make_hotel()
    for take in (hotel.hold_business_date, hotel.lock_business_date):
        with pytest.raises(RuntimeError):
            take(house.place.pk)


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_the_roll_waits_for_who_holds_the_date():
    """A writer that read the date before the roll finishes before it; one that comes after reads the new date."""
    house = make_hotel()
    order = []

    def roll():
        hotel.roll_business_date(place=house.place, from_date=BUSINESS_DATE, actor=house.actor, now=NOON)
        order.append("rolled")
        connection.close()

    roller = threading.Thread(target=roll)
    with transaction.atomic():
        assert hotel.hold_business_date(house.place.pk) == BUSINESS_DATE
        roller.start()
        roller.join(0.3)
        order.append("written")
    roller.join(10)
    assert order == ["written", "rolled"]
    with transaction.atomic():
        assert hotel.hold_business_date(house.place.pk) == date(2026, 11, 23)
