"""Rooms and types come and go by date; a number or code is never used twice."""

from datetime import date

from django.db import IntegrityError, transaction
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core.errors import InvalidInput
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON

from .factories import make_hotel, make_room


class RoomTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_hotel()

    def add(self, number="909", **given):
        wanted = {
            "place": self.house.place, "number": number, "room_type": self.house.types["STD"], "floor": "9",
            "opened_date": date(2026, 1, 1), "actor": self.house.actor, "now": NOON,
        }  # fmt: skip
        return hotel.add_room(**(wanted | given))

    def test_a_room_is_added_and_recorded(self):
        room = self.add()
        self.assertEqual((room.occupancy, room.cleanliness), ("VACANT", "INSPECTED"))
        event = audit.events_of(room).get()
        self.assertEqual(event.facts, {"number": "909", "room_type": "STD", "opened_date": "2026-01-01"})

    def test_two_rooms_with_one_number_are_refused_with_words(self):
        with self.assertRaises(hotel.RoomNumberTaken) as refused:
            self.add("101")
        self.assertEqual(str(refused.exception), "房号 101 已经有了。")
        self.assertEqual(hotel.rooms_of(self.house.place).count(), 4)

    def test_the_database_refuses_the_second_number_too(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            hotel.Room.objects.create(
                property=self.house.place, number="101", room_type=self.house.types["STD"], floor="1",
                opened_date=date(2026, 1, 1),
            )  # fmt: skip

    def test_another_house_may_use_the_same_number(self):
        other = make_hotel(rooms_each=0)
        self.assertEqual(make_room(other, "101", "STD").number, "101")

    def test_a_retired_number_is_not_used_again(self):
        room = self.house.rooms["102"]
        hotel.retire_room(
            room_id=room.pk, property_id=self.house.place.pk, retired_date=date(2026, 12, 1), reason="改作仓库",
            actor=self.house.actor, now=NOON,
        )  # fmt: skip
        with self.assertRaises(hotel.RoomNumberTaken):
            self.add("102")
        self.assertTrue(hotel.rooms_of(self.house.place, date(2026, 11, 30)).filter(number="102").exists())
        self.assertFalse(hotel.rooms_of(self.house.place, date(2026, 12, 1)).filter(number="102").exists())

    def test_a_type_of_another_house_is_refused(self):
        other = make_hotel(rooms_each=0)
        with self.assertRaises(InvalidInput) as refused:
            self.add(room_type=other.types["STD"])
        self.assertEqual(list(refused.exception.fields), ["room_type"])

    def test_an_occupied_room_is_not_retired(self):
        room = self.house.rooms["201"]
        hotel.set_room_status(room=room, occupancy="OCCUPIED", actor=self.house.actor, now=NOON)
        with self.assertRaises(hotel.CannotRetire):
            hotel.retire_room(
                room_id=room.pk, property_id=self.house.place.pk, retired_date=date(2026, 12, 1), reason="装修",
                actor=self.house.actor, now=NOON,
            )  # fmt: skip
        room.refresh_from_db()
        self.assertIsNone(room.retired_date)

    def test_a_type_with_rooms_stays(self):
        with self.assertRaises(hotel.CannotRetire) as refused:
            hotel.retire_room_type(
                room_type_id=self.house.types["STD"].pk, property_id=self.house.place.pk,
                retired_date=date(2026, 12, 1), reason="合并", actor=self.house.actor, now=NOON,
            )  # fmt: skip
        self.assertEqual(str(refused.exception), "STD 现在不能停用：还有 2 间房属于这个房型。")

    def test_a_type_code_is_written_in_capitals_and_used_once(self):
        given = {"place": self.house.place, "name": "标准间", "actor": self.house.actor, "now": NOON}
        self.assertEqual(hotel.add_room_type(code=" twn ", **given).code, "TWN")
        with self.assertRaises(hotel.RoomTypeCodeTaken):
            hotel.add_room_type(code="TWN", **given)

    def test_a_type_that_takes_nobody_is_refused(self):
        with self.assertRaises(InvalidInput):
            hotel.add_room_type(
                place=self.house.place,
                code="ZERO",
                name="无",
                max_adults=0,
                max_guests=0,
                actor=self.house.actor,
                now=NOON,
            )
