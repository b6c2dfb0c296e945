"""The controls count what the operations wrote."""

from datetime import timedelta

from django.test import TestCase

from kezhan.policy import api as policy
from kezhan.reservations import api as reservations

from .factories import NOON, make_booking, make_inn


class Controls(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.inn = make_inn()

    def counts(self, code, now=NOON):
        reading = policy.measure(code, self.inn.place, self.inn.day(0), self.inn.day(1), now)
        return {state: count for state, count in reading.counts.items() if count}

    def test_nodes_and_profile(self):
        self.assertEqual(self.counts("reservations.nodes"), {})
        make_booking(self.inn)
        self.assertEqual(self.counts("reservations.nodes"), {"met": 1})
        self.assertEqual(self.counts("reservations.profile"), {"met": 1})
        # Written past the operations, as only a fault could.
        reservations.Booking.objects.update(eligible_at=NOON + timedelta(hours=1))
        self.assertEqual(self.counts("reservations.nodes"), {"breached": 1})

    def test_checked_with_the_guest_in_time_late_or_not(self):
        first, second, third = (make_booking(self.inn, n, 1) for n in (1, 3, 5))
        self.assertEqual(self.counts("reservations.guest_confirmed"), {"due": 3})
        for booking, minutes in ((first, 10), (second, 11)):
            reservations.guest_confirms(
                booking_id=booking.pk, actor=self.inn.actor, now=NOON + timedelta(minutes=minutes)
            )
        later = NOON + timedelta(hours=1)
        self.assertEqual(
            self.counts("reservations.guest_confirmed", later), {"met": 1, "met_late": 1, "breached": 1}
        )
        reservations.cancel(booking_id=third.pk, reason="不来了", actor=self.inn.actor, now=NOON)
        self.assertEqual(self.counts("reservations.guest_confirmed", later), {"met": 1, "met_late": 1})
