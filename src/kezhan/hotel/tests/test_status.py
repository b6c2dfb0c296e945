"""Two axes of a room's status, moved by one helper."""

import pytest
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core.errors import ChangedMeanwhile, NotFound
from kezhan.hotel import api as hotel
from kezhan.people.tests.factories import NOON

from .factories import make_hotel

CODES = [
    ("VACANT", "DIRTY", "VD"),
    ("VACANT", "CLEAN", "VC"),
    ("VACANT", "INSPECTED", "VI"),
    ("OCCUPIED", "DIRTY", "OD"),
    ("OCCUPIED", "CLEAN", "OC"),
    ("OCCUPIED", "INSPECTED", "OC"),
]


@pytest.mark.parametrize(("occupancy", "cleanliness", "code"), CODES)
def test_code_of_the_trade(occupancy, cleanliness, code):
    assert hotel.status_code(occupancy, cleanliness) == code
    assert code in hotel.STATUS_WORDS


class StatusTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_hotel()

    def move(self, room, **given):
        return hotel.set_room_status(room=room, actor=self.house.actor, now=NOON, **given)

    def verbs(self, room):
        return [(e.verb, e.facts) for e in audit.events_of(room) if e.verb == "hotel.room_status_changed"]

    def test_both_axes_move_with_one_event(self):
        room = hotel.lock_room(self.house.rooms["101"].pk, self.house.place.pk)
        self.move(room, occupancy="OCCUPIED", cleanliness="DIRTY")
        room.refresh_from_db()
        self.assertEqual(
            (room.occupancy, room.cleanliness, room.status_changed_at), ("OCCUPIED", "DIRTY", NOON)
        )
        self.assertEqual(self.verbs(room), [("hotel.room_status_changed", {"from": "VI", "to": "OD"})])

    def test_nothing_to_change_leaves_no_event(self):
        room = self.house.rooms["101"]
        self.move(room, occupancy="VACANT")
        self.assertEqual(self.verbs(room), [])

    def test_dirty_is_not_inspected_without_a_reason(self):
        room = self.move(self.house.rooms["102"], cleanliness="DIRTY")
        with self.assertRaises(hotel.StatusStepRefused):
            self.move(room, cleanliness="INSPECTED")
        room.refresh_from_db()
        self.assertEqual(room.cleanliness, "DIRTY")
        self.move(room, cleanliness="INSPECTED", reason="误报脏房")
        self.assertEqual(len(self.verbs(room)), 2)

    def test_a_stale_row_is_refused(self):
        stale = hotel.room_by_number(self.house.place, "201")
        self.move(hotel.room_by_number(self.house.place, "201"), cleanliness="DIRTY")
        with self.assertRaises(ChangedMeanwhile):
            self.move(stale, occupancy="OCCUPIED")

    def test_a_room_of_another_house_is_not_found(self):
        other = make_hotel()
        with self.assertRaises(NotFound):
            hotel.lock_room(other.rooms["101"].pk, self.house.place.pk)

    def test_the_night_makes_occupied_rooms_dirty(self):
        other = make_hotel()
        for number, cleanliness in (("101", "CLEAN"), ("102", "DIRTY")):
            self.move(self.house.rooms[number], occupancy="OCCUPIED", cleanliness=cleanliness)
        self.move(other.rooms["101"], occupancy="OCCUPIED")
        changed = hotel.mark_occupied_rooms_dirty(place=self.house.place, actor=self.house.actor, now=NOON)
        self.assertEqual(changed, 1)
        self.assertEqual(hotel.room_by_number(self.house.place, "101").cleanliness, "DIRTY")
        self.assertEqual(hotel.room_by_number(self.house.place, "201").cleanliness, "INSPECTED")
        self.assertEqual(hotel.room_by_number(other.place, "101").cleanliness, "INSPECTED")
