"""A new house on its way to its first booking."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from unittest import mock

from django.test import TestCase

from kezhan.billing import api as billing
from kezhan.core.errors import InvalidInput
from kezhan.core.home import first_steps
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON, make_house
from kezhan.reservations import api as reservations

RIGHTS = [
    "hotel.read",
    "hotel.manage",
    *(f"reservations.{name}" for name in ("read", "book", "manage_rates")),
]


class NewHouse(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(RIGHTS)
        cls.place, cls.by = cls.house.property, {"actor": cls.house.actor, "now": NOON}

    def setUp(self):
        clock = mock.patch("django.utils.timezone.now", return_value=NOON)
        clock.start()
        self.addCleanup(clock.stop)
        self.client.force_login(self.house.user)

    def url(self, path):
        return f"/p/{self.place.code}/reservations/{path}"

    def open(self, day=None):
        reservations.open_for_business(place=self.place, business_date=day or NOON.date(), **self.by)

    def add_rooms(self):
        kind = hotel.add_room_type(place=self.place, code="STD", name="标准间", **self.by)
        hotel.add_room(
            place=self.place, number="201", room_type=kind, floor="2F", opened_date=NOON.date(), **self.by
        )
        return kind

    def done(self):
        return {step.key: step.done(self.place) for step in first_steps()}


class Opening(NewHouse):
    def test_the_page_opens_the_day_and_what_a_house_starts_with(self):
        answer = self.client.post(self.url("opening/"), {"business_date": "2026-11-22"})
        self.assertRedirects(answer, "/", fetch_redirect_response=False)
        self.assertEqual(hotel.business_date(self.place), NOON.date())
        self.assertTrue(billing.ChargeCode.objects.of(self.place).filter(code="ROOM").exists())
        self.assertEqual([plan.code for plan in reservations.RatePlan.objects.of(self.place)], ["RACK"])
        axes = reservations.BookingCode.objects.of(self.place).values_list("axis", flat=True)
        self.assertEqual(set(axes), {"MARKET", "SOURCE", "CHANNEL"})

    def test_a_second_opening_is_refused_and_changes_nothing(self):
        self.open()
        answer = self.client.post(self.url("opening/"), {"business_date": "2026-11-21"})
        self.assertContains(answer, "已经开启", status_code=422)
        self.assertEqual(hotel.business_date(self.place), NOON.date())

    def test_a_date_far_from_the_clock_is_refused(self):
        for days in (1, -8):
            with self.assertRaises(InvalidInput):
                self.open(NOON.date() + timedelta(days=days))
        self.assertFalse(hotel.BusinessDay.objects.of(self.place).exists())
        self.assertFalse(reservations.RatePlan.objects.of(self.place).exists())


class Setup(NewHouse):
    def test_base_prices_open_the_nights_ahead_at_once(self):
        self.open()
        self.add_rooms()
        self.client.post(
            self.url("setup/plans/RACK/prices/"), {"price_STD": "288", "weekend_STD": "328"}, follow=True
        )
        sunday, friday = NOON.date(), NOON.date() + timedelta(days=5)
        offers = reservations.availability(self.place, sunday, sunday + timedelta(days=6))
        self.assertEqual([(offer.code, offer.available) for offer in offers], [("STD", 1)])
        prices = dict(offers[0].plans[0].nightly)
        self.assertEqual((prices[sunday], prices[friday]), (Decimal("288.00"), Decimal("328.00")))

    def test_a_type_left_empty_stays_without_a_price(self):
        self.open()
        self.add_rooms()
        self.client.post(self.url("setup/plans/RACK/prices/"), {"price_STD": "", "weekend_STD": ""})
        self.assertFalse(reservations.BasePrice.objects.of(self.place).exists())

    def test_a_plan_and_a_code_are_added_and_a_code_is_not_used_twice(self):
        self.open()
        plan = {"code": "BAR", "name": "含早价", "kind": "PACKAGE", "breakfasts": "2", "public": "on"}
        self.client.post(self.url("setup/plans/"), plan)
        added = reservations.RatePlan.objects.of(self.place).get(code="BAR")
        self.assertEqual((added.breakfasts, added.public, added.members_only), (2, True, False))
        self.client.post(self.url("setup/codes/"), {"axis": "MARKET", "code": "LNG", "name": "长住"})
        self.assertTrue(reservations.BookingCode.objects.of(self.place).filter(code="LNG").exists())
        again = self.client.post(self.url("setup/codes/"), {"axis": "MARKET", "code": "LNG", "name": "长住"})
        self.assertEqual(again.status_code, 422)

    def test_without_the_right_nothing_is_set(self):
        stranger = make_house(["reservations.read"]).user
        self.client.force_login(stranger)
        self.assertEqual(self.client.post(self.url("setup/codes/"), {}).status_code, 404)


class FirstSteps(NewHouse):
    def test_each_step_is_ticked_by_what_it_made(self):
        self.assertEqual(self.done(), dict.fromkeys(["opening", "rooms", "prices", "booking"], False))
        self.open()
        kind = self.add_rooms()
        plan = reservations.RatePlan.objects.of(self.place).get()
        reservations.price_and_open(rate_plan=plan, prices={kind: (Decimal(288), None)}, **self.by)
        self.assertEqual(self.done(), {"opening": True, "rooms": True, "prices": True, "booking": False})

    def test_the_home_page_leads_to_the_first_one(self):
        self.assertContains(self.client.get("/"), self.url("opening/"))
