"""From enquiry to voucher: priced by the server, guarded by inventory, no node skipped."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from kezhan.audit import api as audit
from kezhan.core.actor import system
from kezhan.core.errors import InvalidInput
from kezhan.core.ids import token_digest
from kezhan.guests import api as guests
from kezhan.outbox import api as outbox
from kezhan.reservations import api as reservations
from kezhan.reservations.api import BookingStatus, RoomRequest

from .factories import NOON, make_booking, make_inn, make_request, sold

# Business date 2026-11-22 is a Sunday: day 5 is Friday the 27th, whose night costs 50 more.


class Booking(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn()

    def book(self, *args, **fields):
        options = {
            name: fields.pop(name)
            for name in ("price_override", "allow_past", "public_only")
            if name in fields
        }
        actor = fields.pop("actor", self.inn.actor)
        return reservations.book(
            place=self.inn.place,
            request=make_request(self.inn, *args, **fields),
            actor=actor,
            now=NOON,
            **options,
        )

    def refused(self, *args, **fields):
        before = (reservations.Booking.objects.count(), guests.Guest.objects.count())
        with self.assertRaises(InvalidInput) as caught:
            self.book(*args, **fields)
        self.assertEqual((reservations.Booking.objects.count(), guests.Guest.objects.count()), before)
        return set(caught.exception.fields)

    @pytest.mark.clause("S-2.1(5)")
    def test_each_night_falls_once_for_the_whole_life(self):
        booking = self.book(1, 2, types=("STD", "KING", "STD")).booking
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2, 3), [0, 2, 2, 0])
        self.assertEqual(sold(self.inn, "KING", 0, 1, 2, 3), [0, 1, 1, 0])
        reservations.guest_confirms(booking_id=booking.pk, actor=self.inn.actor, now=NOON)
        self.assertEqual(sold(self.inn, "STD", 1, 2), [2, 2])
        with self.assertRaises(reservations.StepNotAllowed):
            reservations.allot(booking_id=booking.pk, actor=self.inn.actor, now=NOON)
        with self.assertRaises(reservations.SoldOut):
            self.book(2, 1)
        self.assertEqual(
            reservations.inventory_differences(self.inn.place, self.inn.day(0), self.inn.day(30)), []
        )

    def test_the_price_is_that_of_each_night(self):
        booking = self.book(4, 3).booking
        nights = reservations.BookingNight.objects.filter(booking_room__booking=booking)
        self.assertEqual(
            list(nights.values_list("date", "price")),
            [
                (self.inn.day(4), Decimal("300.00")),
                (self.inn.day(5), Decimal("350.00")),
                (self.inn.day(6), Decimal("350.00")),
            ],
        )
        self.assertEqual(booking.total, Decimal("1000.00"))
        self.assertEqual(booking.currency, "CNY")

    def test_everything_is_written_together(self):
        booked = self.book(1, 2)
        booking = reservations.Booking.objects.get(pk=booked.booking.pk)
        self.assertEqual(booking.status, BookingStatus.CONFIRMED)
        self.assertEqual(booking.reviewed_by, reservations.AUTOMATIC)
        self.assertEqual(booking.eligibility, "TEMPORARY_PROFILE")
        voucher = booking.vouchers.get()
        self.assertEqual(voucher.token_digest, token_digest(booked.voucher_token))
        self.assertEqual(voucher.content["total"], "600.00")
        self.assertNotIn(booked.voucher_token, str(voucher.content))
        task = outbox.Task.objects.get(name="reservations.confirmation")
        self.assertEqual(task.payload["booking"], booking.number)
        event = audit.events_of(booking).get()
        self.assertEqual((event.verb, event.actor_name), ("reservations.booked", self.inn.actor.name))
        self.assertTrue(event.facts["automatic"])

    def test_refusals_name_the_field_and_change_nothing(self):
        make_booking(self.inn, 10)
        cases = [
            ({"first": -1}, {"arrival"}),
            ({"nights": 0}, {"departure"}),
            ({"nights": -1}, {"departure"}),
            ({"nights": 91}, {"departure"}),
            ({"rooms": ()}, {"rooms"}),
            ({"types": ("STD",) * 31}, {"rooms"}),
            ({"adults": 99}, {"rooms.0.adults"}),
            ({"adults": 0}, {"rooms.0.adults"}),
            ({"types": ("NONE",)}, {"rooms.0.room_type"}),
            ({"plan": "NONE"}, {"rooms.0.rate_plan"}),
            ({"market": "PHONE"}, {"market"}),
            ({"source": "X", "channel": "Y"}, {"source", "channel"}),
            ({"guest_name": " "}, {"guest.name"}),
        ]
        for fields, named in cases:
            with self.subTest(fields):
                given = {"first": 1, "nights": 2} | fields
                self.assertEqual(self.refused(given.pop("first"), given.pop("nights"), **given), named)
        self.assertEqual(sold(self.inn, "STD", 1, 2), [0, 0])

    def test_a_plan_without_price_for_the_type_is_refused(self):
        reservations.add_rate_plan(
            place=self.inn.place, code="OTHER", name="别的", actor=self.inn.actor, now=NOON
        )
        self.assertEqual(self.refused(plan="OTHER"), {"rooms.0.rate_plan"})

    def test_a_night_not_open_is_not_for_sale(self):
        with self.assertRaises(reservations.SoldOut) as caught:
            reservations.set_prices(
                rate_plan=self.inn.plans["BAR"], room_type=self.inn.types["STD"], first=self.inn.day(30),
                end=self.inn.day(32), price=Decimal(300), actor=self.inn.actor, now=NOON,
            )  # fmt: skip
            self.book(29, 3)
        self.assertEqual(caught.exception.full, [self.inn.day(30), self.inn.day(31)])

    def test_override_needs_leave_reason_and_sense(self):
        def room(*prices, reason=""):
            agreed = tuple(map(Decimal, prices))
            return (
                RoomRequest(room_type="STD", rate_plan="BAR", nightly_prices=agreed, price_reason=reason),
            )

        with self.assertRaises(reservations.PriceNotAllowed):
            self.book(1, 2, rooms=room("1", "1", reason="熟客"))
        for rooms, field in [
            (room("1", "1"), "price_reason"),
            (room("1", reason="熟客"), "nightly_prices"),
            (room("-1", "1", reason="熟客"), "nightly_prices"),
        ]:
            self.assertEqual(self.refused(1, 2, rooms=rooms, price_override=True), {f"rooms.0.{field}"})
        booking = self.book(1, 2, rooms=room("200", "199.995", reason="熟客"), price_override=True).booking
        self.assertEqual(booking.total, Decimal("400.00"))
        self.assertEqual((booking.reviewed_by, booking.review_reason), (self.inn.actor.name, "熟客"))

    def test_day_use_takes_no_night(self):
        rooms = (RoomRequest(room_type="STD", rate_plan="BAR", day_use=True),)
        booking = self.book(0, 0, rooms=rooms).booking
        room = booking.rooms.get()
        self.assertEqual((room.day_use_price, room.nights.count()), (Decimal("300.00"), 0))
        self.assertEqual(sold(self.inn, "STD", 0), [0])
        reservations.mark_arrived(booking_room_id=room.pk, actor=self.inn.actor, now=NOON)
        reservations.mark_departed(
            booking_room_id=room.pk, business_date=self.inn.day(0), actor=self.inn.actor, now=NOON
        )
        booking.refresh_from_db()
        self.assertEqual(booking.status, BookingStatus.DEPARTED)

    def test_history_is_taken_as_it_happened(self):
        rooms = (
            RoomRequest(room_type="STD", rate_plan="BAR", adults=0, nightly_prices=(Decimal("-6.38"),), price_reason="历史导入"),
        )  # fmt: skip
        guest = guests.make_profile(group=self.inn.group, name="客人", actor=system("replay"), now=NOON)
        booking = self.book(
            0, 1, rooms=rooms, guest=guest, contact_waiver="历史导入", actor=system("replay"),
            allow_past=True, price_override=True,
        ).booking  # fmt: skip
        self.assertEqual(booking.total, Decimal("-6.38"))
        with self.assertRaises(reservations.NeedsContact):
            self.book(0, 1, guest=guest, contact_waiver="历史导入")


@pytest.mark.django_db(transaction=True)
def test_number_of_queries():
    inn = make_inn()
    make_booking(inn, 1, 2, types=("STD", "KING"))
    with CaptureQueriesContext(connection) as captured:
        make_booking(inn, 3, 3, types=("STD", "KING"))
    outside = ("SAVEPOINT", "BEGIN", "COMMIT")
    statements = [query["sql"] for query in captured if not any(word in query["sql"] for word in outside)]
    # date, parameters, prices, codes, known guest, guest, its event, member, nights, two types, booking, rooms, nights,
    # voucher, outbox, event
    assert len(statements) == 17, "\n".join(sql[:90] for sql in statements)


class Eligibility(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn()

    def enquire(self, **fields):
        return reservations.open_enquiry(
            place=self.inn.place, request=make_request(self.inn, **fields), actor=self.inn.actor, now=NOON
        )

    def do(self, operation, booking, **more):
        return operation(booking_id=booking.pk, actor=self.inn.actor, now=NOON, **more)

    def member(self, points=500):
        guest = guests.make_profile(
            group=self.inn.group, name="李会员", phone="13900000001", actor=self.inn.actor, now=NOON
        )
        guests.enrol_member(
            guest=guest, actor=self.inn.actor, now=NOON, joined_date=self.inn.day(-9), points=points
        )
        return guests.Guest.objects.get(pk=guest.pk)

    @pytest.mark.clause("R-3.1(1)")
    def test_nodes_come_in_order_and_none_is_skipped(self):
        booking = self.enquire()
        self.assertEqual((booking.status, booking.number[:8]), ("ENQUIRY", "B261122-"))
        self.assertEqual(sold(self.inn, "STD", 1), [0])
        for early in (
            reservations.allot,
            reservations.submit,
            reservations.confirm,
            reservations.guest_confirms,
        ):
            with self.assertRaises(reservations.StepNotAllowed):
                self.do(early, booking)
        self.do(reservations.check_eligibility, booking)
        for early in (reservations.confirm, reservations.guest_confirms):
            with self.assertRaises(reservations.StepNotAllowed):
                self.do(early, booking)
        booking = self.do(reservations.submit, booking)
        self.assertEqual((booking.status, booking.reviewed_by), ("ALLOTTED", reservations.AUTOMATIC))
        self.assertEqual(sold(self.inn, "STD", 1), [1])
        booking = self.do(reservations.confirm, booking).booking
        self.assertEqual(booking.status, "CONFIRMED")
        self.assertEqual(sold(self.inn, "STD", 1), [1])
        self.assertEqual(self.do(reservations.guest_confirms, booking).status, "GUEST_CONFIRMED")

    def test_a_temporary_profile_needs_name_and_contact(self):
        booking = self.enquire(guest_phone="")
        with self.assertRaises(reservations.NeedsContact):
            self.do(reservations.check_eligibility, booking)
        booking.refresh_from_db()
        self.assertEqual((booking.status, booking.eligibility), ("ENQUIRY", "UNCHECKED"))
        with self.assertRaises(reservations.NeedsContact):
            make_booking(self.inn, guest_phone="")
        guests.update_profile(
            guest_id=booking.guest_id, group_id=self.inn.group.pk, phone="13700000001", actor=self.inn.actor, now=NOON,
        )  # fmt: skip
        self.assertEqual(self.do(reservations.check_eligibility, booking).eligibility, "TEMPORARY_PROFILE")

    @pytest.mark.clause("R-3.1(4)")
    def test_points_above_the_balance_are_refused(self):
        booking = self.enquire(guest=self.member(points=500))
        with self.assertRaises(reservations.NotEligible) as caught:
            self.do(reservations.check_eligibility, booking, points_asked=501)
        self.assertEqual(caught.exception.params, {"balance": 500, "asked": 501})
        self.assertEqual(
            self.do(reservations.check_eligibility, booking, points_asked=500).eligibility, "MEMBER"
        )

    def test_the_members_price_is_for_members(self):
        with self.assertRaises(reservations.MembersOnly):
            make_booking(self.inn, plan="MEM")
        booking = make_booking(self.inn, plan="MEM", guest=self.member())
        self.assertEqual(booking.total, Decimal("560.00"))

    def test_a_known_guest_is_recognised(self):
        make_booking(self.inn, guest_phone="13600000001")
        again = make_booking(self.inn, guest_phone="13600000001")
        self.assertEqual(again.eligibility, "KNOWN_GUEST")
        self.assertEqual(guests.Guest.objects.count(), 1)

    def test_what_is_sold_out_waits_for_a_person(self):
        make_booking(self.inn, 1, 1, types=("STD", "STD"))
        booking = self.enquire(first=1, nights=1)
        self.do(reservations.check_eligibility, booking)
        self.assertEqual(self.do(reservations.submit, booking).status, "UNDER_REVIEW")
        with self.assertRaises(InvalidInput):
            self.do(reservations.review, booking, approved=False, reason=" ")
        with self.assertRaises(reservations.SoldOut):
            self.do(reservations.review, booking, approved=True, reason="老客")
        reservations.RoomTypeNight.objects.filter(date=self.inn.day(1)).update(overbook_allowance=1)
        approved = self.do(reservations.review, booking, approved=True, reason="老客")
        self.assertEqual((approved.status, approved.reviewed_by), ("ALLOTTED", self.inn.actor.name))
        self.assertEqual(sold(self.inn, "STD", 1), [3])

    def test_declined_takes_nothing(self):
        booking = self.enquire()
        declined = self.do(reservations.decline, booking, reason="客人不要了")
        self.assertEqual((declined.status, declined.review_reason), ("DECLINED", "客人不要了"))
        self.assertEqual(sold(self.inn, "STD", 1), [0])
        with self.assertRaises(reservations.StepNotAllowed):
            self.do(reservations.check_eligibility, booking)
