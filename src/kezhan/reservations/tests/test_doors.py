"""Doors night by night: assigned once, closed with notice; nights opened, capacity recounted, counters compared."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.test import TestCase

from kezhan.core.errors import InvalidInput
from kezhan.hotel import api as hotel
from kezhan.outbox import api as outbox
from kezhan.reservations import api as reservations
from kezhan.reservations.operations import opening

from .factories import NOON, make_booking, make_inn, make_room, open_more, sold


class Case(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn()

    def assign(self, room, number, **more):
        return reservations.assign_room(
            booking_room_id=room.pk, room_id=self.inn.rooms[number].pk, actor=self.inn.actor, now=NOON, **more
        )

    def close(self, number, first, end, kind="OOO", reason="漏水"):
        return reservations.close_room(
            room_id=self.inn.rooms[number].pk, kind=kind, starts=self.inn.day(first), ends=self.inn.day(end),
            reason=reason, actor=self.inn.actor, now=NOON,
        )  # fmt: skip

    def night(self, code, n):
        return reservations.RoomTypeNight.objects.get(room_type=self.inn.types[code], date=self.inn.day(n))

    def differences(self):
        return reservations.inventory_differences(self.inn.place, self.inn.day(0), self.inn.day(30))


class Assigning(Case):
    def test_one_door_one_night_one_use(self):
        first, second = make_booking(self.inn, 1, 2).rooms.get(), make_booking(self.inn, 2, 2).rooms.get()
        self.assign(first, "101")
        with self.assertRaises(reservations.RoomTaken) as caught:
            self.assign(second, "101")
        self.assertEqual(caught.exception.nights, [self.inn.day(2)])
        self.assertIn(first.booking.number, str(caught.exception))
        self.assertFalse(second.room_nights.exists())
        with self.assertRaises(IntegrityError), transaction.atomic():
            reservations.RoomNight.objects.create(
                property=self.inn.place, room=self.inn.rooms["101"], date=self.inn.day(2), use="STAY",
                booking_room=second,
            )  # fmt: skip

    def test_another_door_replaces_the_first(self):
        room = make_booking(self.inn, 1, 2).rooms.get()
        self.assign(room, "101")
        self.assign(room, "102")
        self.assertEqual(set(room.room_nights.values_list("room__number", flat=True)), {"102"})

    def test_a_stay_moves_from_tonight_on(self):
        room = make_booking(self.inn, 0, 2).rooms.get()
        self.assign(room, "101", use="STAY")
        reservations.mark_arrived(booking_room_id=room.pk, actor=self.inn.actor, now=NOON)
        hotel.roll_business_date(
            place=self.inn.place, from_date=self.inn.day(0), actor=self.inn.actor, now=NOON
        )
        self.assign(room, "102", use="STAY")
        self.assertEqual(
            list(room.room_nights.order_by("date").values_list("date", "room__number")),
            [(self.inn.day(0), "101"), (self.inn.day(1), "102")],
        )

    def test_another_type_or_a_retired_door_is_refused(self):
        room = make_booking(self.inn, 1, 2).rooms.get()
        with self.assertRaises(reservations.RoomOfOtherType):
            self.assign(room, "201")
        hotel.Room.objects.filter(number="101").update(retired_date=self.inn.day(2))
        with self.assertRaises(reservations.RoomNotInUse):
            self.assign(room, "101")

    def test_free_rooms(self):
        self.assign(make_booking(self.inn, 1, 2).rooms.get(), "101")
        kind = self.inn.types["STD"].pk

        def free(first, end):
            rooms = reservations.free_rooms(self.inn.place, kind, self.inn.day(first), self.inn.day(end))
            return [room.number for room in rooms]

        self.assertEqual(free(1, 3), ["102"])
        self.assertEqual(free(3, 4), ["101", "102"])
        self.assertEqual(free(1, 1), ["102"])

    def test_unassigned_again(self):
        room = make_booking(self.inn, 1, 2).rooms.get()
        self.assign(room, "101")
        reservations.unassign_room(booking_room_id=room.pk, actor=self.inn.actor, now=NOON)
        self.assertFalse(room.room_nights.exists())


class Closing(Case):
    def test_ooo_leaves_inventory_and_oos_stays_in_it(self):
        self.close("101", 1, 3)
        self.close("102", 5, 6, kind="OOS")
        self.assertEqual([self.night("STD", n).out_of_order for n in (0, 1, 2, 3, 5)], [0, 1, 1, 0, 0])
        self.assertEqual(reservations.RoomNight.objects.filter(use="CLOSURE").count(), 3)
        self.assertEqual(self.differences(), [])

    def test_a_needed_room_says_who_would_suffer(self):
        booking = make_booking(self.inn, 2, 1, types=("STD", "STD"))
        with self.assertRaises(reservations.NeededByBookings) as caught:
            self.close("101", 1, 4)
        self.assertEqual(caught.exception.nights, [self.inn.day(2)])
        self.assertEqual(caught.exception.bookings, [booking.number])
        self.assertFalse(reservations.Closure.objects.exists())
        self.assertEqual(self.night("STD", 1).out_of_order, 0)

    def test_an_assigned_door_is_not_closed(self):
        room = make_booking(self.inn, 2, 1).rooms.get()
        self.assign(room, "101")
        for kind in ("OOO", "OOS"):
            with self.assertRaises(reservations.RoomTaken) as caught:
                self.close("101", 1, 4, kind=kind)
            self.assertIn(room.booking.number, str(caught.exception))
        self.assertEqual(self.night("STD", 1).out_of_order, 0)

    def test_released_from_today_on(self):
        closure = self.close("101", 0, 4)
        hotel.roll_business_date(
            place=self.inn.place, from_date=self.inn.day(0), actor=self.inn.actor, now=NOON
        )
        reservations.release_closure(closure_id=closure.pk, actor=self.inn.actor, now=NOON)
        self.assertEqual([self.night("STD", n).out_of_order for n in range(4)], [1, 0, 0, 0])
        self.assertEqual(reservations.RoomNight.objects.count(), 1)
        self.assertEqual(self.differences(), [])
        with self.assertRaises(reservations.AlreadyReleased):
            reservations.release_closure(closure_id=closure.pk, actor=self.inn.actor, now=NOON)

    def test_nights_opened_later_know_of_the_closure(self):
        self.close("101", 29, 33)
        open_more(self.inn, 30, 35)
        self.assertEqual([self.night("STD", n).out_of_order for n in (29, 30, 32, 33)], [1, 1, 1, 0])

    def test_needs_kind_dates_and_reason(self):
        for args, fields in [
            (("101", -1, 2), {}),
            (("101", 2, 2), {}),
            (("101", 1, 2), {"reason": ""}),
            (("101", 1, 2), {"kind": "X"}),
        ]:
            with self.assertRaises(InvalidInput):
                self.close(*args, **fields)


class Opening(Case):
    def test_open_nights_leave_what_is_open_alone(self):
        reservations.NightPrice.objects.filter(date=self.inn.day(3)).update(price=Decimal(1))
        make_booking(self.inn, 2, 1)
        self.assertEqual(open_more(self.inn, 0, 30), 0)
        self.assertEqual(open_more(self.inn, 28, 32), 4)
        self.assertEqual(reservations.NightPrice.objects.filter(price=1).count(), 4)
        self.assertEqual(sold(self.inn, "STD", 2), [1])

    def test_weekend_nights_are_friday_and_saturday(self):
        prices = dict(
            reservations.NightPrice.objects.filter(
                rate_plan=self.inn.plans["BAR"], room_type=self.inn.types["STD"], date__lt=self.inn.day(7)
            ).values_list("date", "price")
        )
        self.assertEqual({day.weekday() for day, price in prices.items() if price == 350}, {4, 5})

    def test_a_new_room_is_for_sale_at_once_and_one_that_goes_no_longer(self):
        room = make_room(self.inn, "103", "STD")
        self.assertEqual([self.night("STD", ahead).capacity for ahead in (0, 1, 29)], [3, 3, 3])
        hotel.retire_room(
            room_id=room.pk, property_id=self.inn.place.pk, retired_date=self.inn.day(5), reason="改造",
            actor=self.inn.actor, now=NOON,
        )  # fmt: skip
        self.assertEqual([self.night("STD", ahead).capacity for ahead in (4, 5)], [3, 2])
        self.assertEqual(self.differences(), [])

    def test_a_counter_that_went_astray_is_counted_again(self):
        reservations.RoomTypeNight.objects.of(self.inn.place).filter(room_type=self.inn.types["STD"]).update(
            capacity=5
        )
        self.assertEqual(
            [(found.counter, found.stored, found.counted) for found in self.differences()][:1],
            [("capacity", 5, 2)],
        )
        changed = reservations.recount_capacity(
            place=self.inn.place, first=self.inn.day(1), end=self.inn.day(30), actor=self.inn.actor, now=NOON
        )
        self.assertEqual((changed, self.night("STD", 0).capacity, self.night("STD", 1).capacity), (29, 5, 2))

    def test_a_needed_room_is_neither_retired_nor_counted_out(self):
        make_booking(self.inn, 9, 1, types=("STD", "STD"))
        with self.assertRaises(hotel.CannotRetire):
            hotel.retire_room(
                room_id=self.inn.rooms["102"].pk, property_id=self.inn.place.pk, retired_date=self.inn.day(5),
                reason="改造", actor=self.inn.actor, now=NOON,
            )  # fmt: skip
        hotel.Room.objects.filter(number="102").update(retired_date=self.inn.day(5))
        with self.assertRaises(reservations.CapacityNeeded):
            reservations.recount_capacity(
                place=self.inn.place,
                first=self.inn.day(0),
                end=self.inn.day(30),
                actor=self.inn.actor,
                now=NOON,
            )
        self.assertEqual(self.night("STD", 6).capacity, 2)

    def test_the_daily_schedule_opens_as_far_as_the_parameter_says(self):
        job = outbox.Job(
            id="1",
            name="reservations.open_nights",
            key="",
            payload={},
            attempt=1,
            is_last_attempt=False,
            now=NOON,
        )
        opening.open_nights_ahead(job)
        last = reservations.RoomTypeNight.objects.order_by("-date").values_list("date", flat=True).first()
        self.assertEqual(last, self.inn.day(499))

    def test_the_comparison_reports_and_repairs_nothing(self):
        make_booking(self.inn, 2, 1)
        reservations.RoomTypeNight.objects.filter(
            room_type=self.inn.types["STD"], date=self.inn.day(2)
        ).update(sold=2)
        found = self.differences()
        self.assertEqual(
            [(one.room_type, one.date, one.counter, one.stored, one.counted) for one in found],
            [("STD", self.inn.day(2), "sold", 2, 1)],
        )
        self.assertEqual(sold(self.inn, "STD", 2), [2])

    def test_the_database_refuses_an_oversold_night(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            reservations.RoomTypeNight.objects.filter(date=self.inn.day(2)).update(sold=3)


class Offers(Case):
    def offers(self, first=1, end=3, **fields):
        return reservations.availability(self.inn.place, self.inn.day(first), self.inn.day(end), **fields)

    def test_smallest_number_left_and_public_plans_priced_for_every_night(self):
        make_booking(self.inn, 2, 1)
        offers = self.offers(1, 4)
        self.assertEqual([(offer.code, offer.available) for offer in offers], [("STD", 1), ("KING", 2)])
        self.assertEqual([plan.code for plan in offers[0].plans], ["BAR"])
        self.assertEqual(offers[0].plans[0].total, Decimal("900.00"))
        reservations.NightPrice.objects.filter(
            rate_plan=self.inn.plans["BAR"], room_type=self.inn.types["KING"], date=self.inn.day(3)
        ).delete()
        self.assertEqual([len(offer.plans) for offer in self.offers(1, 4)], [1, 0])

    def test_total_is_for_all_rooms_asked(self):
        self.assertEqual(self.offers(rooms=2, adults=4)[0].plans[0].total, Decimal("1200.00"))
        self.assertEqual(self.offers(rooms=1, adults=3), [])

    def test_a_full_type_says_none(self):
        make_booking(self.inn, 2, 1, types=("STD", "STD"))
        self.assertEqual([offer.available for offer in self.offers()], [0, 2])

    def test_nights_not_open_and_stays_not_possible(self):
        self.assertEqual(self.offers(29, 31), [])
        for first, end in ((-1, 2), (2, 2), (3, 2), (1, 92)):
            with self.assertRaises(InvalidInput):
                self.offers(first, end)

    def test_three_queries_however_many_bookings(self):
        for n in (0, 3):
            for first in range(1, 1 + n):
                make_booking(self.inn, first, 1)
            with self.assertNumQueries(3):
                self.offers()

    def test_english_names_in_english(self):
        from django.utils.translation import override

        hotel.RoomType.objects.filter(code="STD").update(name_en="Standard")
        with override("en"):
            self.assertEqual(self.offers()[0].name, "Standard")
