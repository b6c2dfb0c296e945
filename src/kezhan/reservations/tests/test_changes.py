"""After allotment: other dates, another type, cancelled, not shown, arrived, departed, and each undone where it can be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import TestCase

from kezhan.core.actor import system
from kezhan.core.errors import InvalidInput
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import give_rights
from kezhan.reservations import api as reservations

from .factories import NOON, make_booking, make_inn, make_request, sold

# NOON is 12:00 in Shanghai on the business date; a stay from day 3 is free to cancel until 18:00 of day 2.


class Case(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn()

    def tearDown(self):
        found = reservations.inventory_differences(self.inn.place, self.inn.day(0), self.inn.day(30))
        self.assertEqual(found, [])

    def room(self, first=1, nights=2, **fields):
        return make_booking(self.inn, first, nights, **fields).rooms.get()

    def do(self, operation, room, **more):
        more.setdefault("now", NOON)
        return operation(booking_room_id=room.pk, actor=self.inn.actor, **more)

    def roll(self, days=1):
        for n in range(days):
            hotel.roll_business_date(
                place=self.inn.place, from_date=self.inn.day(n), actor=self.inn.actor, now=NOON
            )


class Dates(Case):
    def change(self, room, first, end, **more):
        return self.do(
            reservations.change_dates, room, arrival=self.inn.day(first), departure=self.inn.day(end),
            reason=more.pop("reason", "客人来电"), **more,
        )  # fmt: skip

    def test_new_nights_are_priced_and_kept_ones_keep_their_price(self):
        room = self.room(3, 2)
        reservations.set_prices(
            rate_plan=self.inn.plans["BAR"], room_type=self.inn.types["STD"], first=self.inn.day(0),
            end=self.inn.day(9), price=Decimal(380), actor=self.inn.actor, now=NOON,
        )  # fmt: skip
        changed = self.change(room, 4, 6)
        self.assertEqual(changed.difference, Decimal("80.00"))
        self.assertEqual(
            list(room.nights.values_list("date", "price")),
            [(self.inn.day(4), Decimal("300.00")), (self.inn.day(5), Decimal("380.00"))],
        )
        self.assertEqual(sold(self.inn, "STD", 3, 4, 5, 6), [0, 1, 1, 0])

    def test_a_change_gives_a_new_voucher_and_keeps_the_old_one(self):
        room = self.room(3, 2)
        changed = self.change(room, 3, 6)
        vouchers = list(room.booking.vouchers.order_by("version"))
        self.assertEqual([voucher.version for voucher in vouchers], [1, 2])
        self.assertEqual([voucher.content["total"] for voucher in vouchers], ["600.00", "950.00"])
        self.assertTrue(changed.voucher_token)
        room.booking.refresh_from_db()
        self.assertEqual(
            (room.booking.departure_date, room.booking.total), (self.inn.day(6), Decimal("950.00"))
        )

    def test_a_full_night_refuses_and_nothing_is_done(self):
        room = self.room(3, 2)
        make_booking(self.inn, 6, 1, types=("STD", "STD"))
        with self.assertRaises(reservations.SoldOut) as caught:
            self.change(room, 3, 8)
        self.assertEqual(caught.exception.full, [self.inn.day(6)])
        room.refresh_from_db()
        self.assertEqual((room.departure_date, room.nights.count()), (self.inn.day(5), 2))
        self.assertEqual(sold(self.inn, "STD", 3, 4, 5, 6), [1, 1, 0, 2])

    def test_its_own_nights_do_not_stand_in_its_way(self):
        make_booking(self.inn, 3, 3)
        room = self.room(3, 2)
        self.change(room, 4, 6)
        self.assertEqual(sold(self.inn, "STD", 3, 4, 5), [1, 2, 2])

    def test_the_door_follows_or_is_refused(self):
        room, other = self.room(3, 2), self.room(5, 1)
        door = self.inn.rooms["101"]
        for one in (room, other):
            self.do(reservations.assign_room, one, room_id=door.pk)
        with self.assertRaises(reservations.RoomTaken) as caught:
            self.change(room, 3, 6)
        self.assertEqual(caught.exception.nights, [self.inn.day(5)])
        self.change(room, 2, 4)
        days = room.room_nights.order_by("date").values_list("date", flat=True)
        self.assertEqual(list(days), [self.inn.day(2), self.inn.day(3)])

    def test_a_stay_keeps_its_arrival(self):
        room = self.room(0, 2)
        self.do(reservations.mark_arrived, room)
        with self.assertRaises(InvalidInput):
            self.change(room, 1, 3)
        self.assertEqual(self.change(room, 0, 3).voucher_token, "")
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2), [1, 1, 1])

    def test_needs_a_reason_and_sense(self):
        room = self.room(3, 2)
        for first, end, reason, field in [
            (3, 3, "x", "departure"),
            (-1, 3, "x", "arrival"),
            (3, 4, "", "reason"),
        ]:
            with self.assertRaises(InvalidInput) as caught:
                self.change(room, first, end, reason=reason)
            self.assertEqual(set(caught.exception.fields), {field})


class Type(Case):
    def change(self, room, code):
        return self.do(
            reservations.change_room_type, room, room_type_id=self.inn.types[code].pk, reason="升级"
        )

    def test_nights_move_and_the_price_stays(self):
        room = self.room(1, 2)
        self.do(reservations.assign_room, room, room_id=self.inn.rooms["101"].pk)
        self.change(room, "KING")
        room.refresh_from_db()
        self.assertEqual((room.room_type.code, room.inventory_type.code), ("STD", "KING"))
        self.assertEqual(room.total, Decimal("600.00"))
        self.assertEqual(sold(self.inn, "STD", 1, 2) + sold(self.inn, "KING", 1, 2), [0, 0, 1, 1])
        self.assertFalse(room.room_nights.exists())

    def test_a_full_type_refuses(self):
        room = self.room(1, 2)
        make_booking(self.inn, 2, 1, types=("KING", "KING"))
        with self.assertRaises(reservations.SoldOut):
            self.change(room, "KING")
        self.assertEqual(sold(self.inn, "STD", 1, 2), [1, 1])

    def test_of_a_stay_only_the_nights_to_come_move(self):
        room = self.room(0, 3)
        self.do(reservations.mark_arrived, room)
        self.roll()
        self.change(room, "KING")
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2), [1, 0, 0])
        self.assertEqual(sold(self.inn, "KING", 0, 1, 2), [0, 1, 1])

    def test_a_released_room_only_records_the_type(self):
        room = self.room(0, 2)
        self.do(reservations.mark_no_show, room)
        self.change(room, "KING")
        room.refresh_from_db()
        self.assertEqual(room.inventory_type.code, "KING")
        self.assertEqual(sold(self.inn, "KING", 0, 1), [0, 0])


class Cancelling(Case):
    def cancel(self, booking, now=NOON, actor=None, reason="行程有变"):
        return reservations.cancel(
            booking_id=booking.pk, reason=reason, actor=actor or self.inn.actor, now=now
        )

    @pytest.mark.clause("R-3.1(10)")
    def test_inside_the_grace_the_rule_approves_at_once(self):
        booking = make_booking(self.inn, 3, 2, types=("STD", "KING"))
        cancelled = self.cancel(booking, now=NOON + timedelta(days=2, hours=6))
        self.assertEqual((cancelled.status, cancelled.cancelled_in_grace), ("CANCELLED", True))
        self.assertEqual(sold(self.inn, "STD", 3, 4) + sold(self.inn, "KING", 3, 4), [0, 0, 0, 0])
        self.assertEqual(set(booking.rooms.values_list("status", flat=True)), {"CANCELLED"})
        with self.assertRaises(reservations.StepNotAllowed):
            self.cancel(booking)

    def test_beyond_it_a_right_is_needed(self):
        booking = make_booking(self.inn, 3, 2)
        late = NOON + timedelta(days=2, hours=6, minutes=1)
        with self.assertRaises(reservations.LateCancellation) as caught:
            self.cancel(booking, now=late)
        self.assertEqual(caught.exception.params, {"free_until": "11-24 18:00", "fee": "CNY 150.00"})
        booking.refresh_from_db()
        self.assertEqual(booking.status, "CONFIRMED")
        give_rights(self.inn.user, ["reservations.cancel_late"], self.inn.place)
        self.assertIs(self.cancel(booking, now=late).cancelled_in_grace, False)

    def test_needs_a_reason(self):
        booking = make_booking(self.inn, 3, 2)
        with self.assertRaises(InvalidInput):
            self.cancel(booking, reason=" ")

    def test_nobody_cancels_a_guest_in_house(self):
        room = self.room(0, 1)
        self.do(reservations.mark_arrived, room)
        with self.assertRaises(reservations.StepNotAllowed):
            self.cancel(room.booking, actor=system("test"))

    def test_an_enquiry_costs_nothing(self):
        enquiry = reservations.open_enquiry(
            place=self.inn.place, request=make_request(self.inn, 0, 1), actor=self.inn.actor, now=NOON
        )
        self.assertIs(self.cancel(enquiry).cancelled_in_grace, True)


class Lives(Case):
    def test_no_show_releases_every_night(self):
        room = self.room(0, 3)
        self.do(reservations.assign_room, room, room_id=self.inn.rooms["101"].pk)
        self.do(reservations.mark_no_show, room)
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2), [0, 0, 0])
        self.assertFalse(reservations.RoomNight.objects.exists())
        self.assertEqual(room.nights.count(), 3)
        self.assertEqual(reservations.Booking.objects.get().status, "NO_SHOW")

    def test_no_show_waits_for_the_arrival_date(self):
        with self.assertRaises(reservations.NotYetNoShow):
            self.do(reservations.mark_no_show, self.room(1, 1))

    def test_nobody_arrives_early(self):
        with self.assertRaises(reservations.TooEarly):
            self.do(reservations.mark_arrived, self.room(1, 1))

    def test_early_departure_gives_the_rest_back_and_keeps_what_was_booked(self):
        room = self.room(0, 3)
        self.do(reservations.assign_room, room, room_id=self.inn.rooms["101"].pk, use="STAY")
        self.do(reservations.mark_arrived, room)
        self.roll()
        self.do(reservations.mark_departed, room, business_date=self.inn.day(1))
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2), [1, 0, 0])
        self.assertEqual(room.nights.count(), 3)
        self.assertEqual(list(room.room_nights.values_list("date", flat=True)), [self.inn.day(0)])
        room.refresh_from_db()
        self.assertEqual(
            (room.status, room.departure_date, room.total), ("DEPARTED", self.inn.day(3), Decimal("900.00"))
        )

        door = self.inn.rooms["101"]
        self.do(reservations.undo_departure, room, room_id=door.pk)
        self.assertEqual(sold(self.inn, "STD", 0, 1, 2), [1, 1, 1])
        self.assertEqual(set(room.room_nights.values_list("use", flat=True)), {"STAY"})
        self.assertEqual(reservations.Booking.objects.get().status, "IN_HOUSE")

    def test_an_undone_departure_needs_the_nights_to_be_free_still(self):
        room = self.room(0, 3)
        self.do(reservations.mark_arrived, room)
        self.do(reservations.mark_departed, room, business_date=self.inn.day(0))
        make_booking(self.inn, 1, 1, types=("STD", "STD"))
        with self.assertRaises(reservations.SoldOut):
            self.do(reservations.undo_departure, room)

    def test_arrival_undone_is_expected_again(self):
        room = self.room(0, 2)
        self.do(reservations.assign_room, room, room_id=self.inn.rooms["101"].pk, use="STAY")
        self.do(reservations.mark_arrived, room)
        self.do(reservations.undo_arrival, room)
        room.refresh_from_db()
        self.assertEqual((room.status, reservations.Booking.objects.get().status), ("HELD", "CONFIRMED"))
        self.assertEqual(set(room.room_nights.values_list("use", flat=True)), {"ALLOTMENT"})

    def test_of_two_rooms_one_may_be_in_house(self):
        booking = make_booking(self.inn, 0, 1, types=("STD", "KING"))
        first, second = booking.rooms.all()
        self.do(reservations.mark_arrived, first)
        self.do(reservations.mark_no_show, second)
        booking.refresh_from_db()
        self.assertEqual(booking.status, "IN_HOUSE")
        self.do(reservations.mark_departed, first, business_date=self.inn.day(0))
        booking.refresh_from_db()
        self.assertEqual((booking.status, booking.ended_business_date), ("DEPARTED", self.inn.day(0)))
