"""Documents and memberships."""

from datetime import date

from django.db import IntegrityError, transaction
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core.errors import InvalidInput
from kezhan.core.fields import reveal
from kezhan.guests import api as guests
from kezhan.people.tests.factories import NOON, make_group

from .factories import CLERK, identity_number, make_guest


class DocumentTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = make_group()

    def keep(self, guest, number, kind="IDENTITY_CARD"):
        return guests.keep_document(guest=guest, kind=kind, number=number, actor=CLERK, now=NOON)

    def test_the_same_number_is_the_same_row(self):
        guest, number = make_guest(self.group), identity_number(2)
        first = self.keep(guest, number)
        again = self.keep(guest, f" {number[:6]} {number[6:]} ".lower())
        self.assertEqual((first.pk, guests.GuestDocument.objects.count()), (again.pk, 1))
        self.assertEqual(guests.masked_document(first), f"{number[:4]}**********{number[-4:]}")

    def test_an_identity_card_fills_what_the_profile_lacks(self):
        guest = make_guest(self.group)
        self.keep(guest, identity_number(2, born="19900307"))
        guest.refresh_from_db()
        self.assertEqual(
            (guest.sex, reveal(guest, "birth_date"), guest.nationality), ("F", "1990-03-07", "CN")
        )

    def test_what_the_profile_has_is_not_overwritten(self):
        guest = make_guest(self.group, sex="M", birth_date="1980-01-01", nationality="GB")
        self.keep(guest, identity_number(2))
        guest.refresh_from_db()
        self.assertEqual(
            (guest.sex, reveal(guest, "birth_date"), guest.nationality), ("M", "1980-01-01", "GB")
        )

    def test_a_wrong_number_is_refused(self):
        guest = make_guest(self.group)
        for kind, number in (
            ("IDENTITY_CARD", "330106199003070000"),
            ("PASSPORT", "E1"),
            ("PAPER", "1"),
            ("OTHER", ""),
        ):
            with self.subTest(kind), self.assertRaises(InvalidInput):
                self.keep(guest, number, kind)
        self.assertFalse(guests.GuestDocument.objects.exists())

    def test_found_again_by_the_whole_number_alone(self):
        guest, number = make_guest(self.group), identity_number(5)
        self.keep(guest, number)
        found = {"group": self.group, "kind": "IDENTITY_CARD"}
        self.assertEqual(guests.recognise_document(number=number, **found), guest)
        self.assertIsNone(guests.recognise_document(number=identity_number(6), **found))
        self.assertEqual(guests.search(self.group, number), [guest])
        self.assertEqual(guests.search(self.group, number[-4:]), [])

    def test_neither_number_nor_birth_date_reach_the_trail(self):
        guest, number = make_guest(self.group), identity_number(7, born="19900307")
        self.keep(guest, number)
        kept = repr([[getattr(e, f.name) for f in e._meta.fields] for e in audit.events_of(guest)])
        self.assertIn("guests.document_kept", kept)
        for personal in (number, number[-4:], "1990"):
            self.assertNotIn(personal, kept)

    def test_a_clear_number_cannot_be_stored(self):
        guest = make_guest(self.group)
        with self.assertRaises(TypeError):
            guests.GuestDocument.objects.create(
                group=self.group, guest=guest, kind="OTHER", number=b"123", number_index="x", created_at=NOON
            )


class MemberTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = make_group()

    def enrol(self, guest, **given):
        wanted = {"joined_date": date(2026, 1, 1), "ends_date": date(2027, 1, 1), "actor": CLERK, "now": NOON}
        return guests.enrol_member(guest=guest, **(wanted | given))

    def test_counts_from_joining_until_its_end(self):
        guest = make_guest(self.group)
        member = self.enrol(guest, points=120)
        for day, found in ((date(2025, 12, 31), None), (date(2026, 1, 1), member), (date(2026, 12, 31), member),
                           (date(2027, 1, 1), None)):  # fmt: skip
            self.assertEqual(guests.membership(guest, day), found)

    def test_a_number_and_a_guest_once(self):
        guest = make_guest(self.group)
        self.enrol(guest, number="A1")
        for other, number in ((make_guest(self.group), "a-1"), (guest, "A2")):
            with self.assertRaises(guests.MemberNumberTaken):
                self.enrol(other, number=number)

    def test_change_needs_a_reason_and_keeps_both_values(self):
        guest = make_guest(self.group)
        member = self.enrol(guest)
        change = {
            "guest": guest,
            "tier": "GOLD",
            "points": 500,
            "ends_date": None,
            "actor": CLERK,
            "now": NOON,
        }
        with self.assertRaises(InvalidInput):
            guests.change_membership(reason=" ", **change)
        guests.change_membership(reason="补登积分", **change)
        event = audit.events_of(member).last()
        self.assertEqual(
            event.facts, {"tier": ["CLASSIC", "GOLD"], "points": [0, 500], "ends_date": ["2027-01-01", None]}
        )

    def test_the_database_refuses_an_end_before_the_beginning(self):
        guest = make_guest(self.group)
        with self.assertRaises(IntegrityError), transaction.atomic():
            guests.Member.objects.create(
                group=self.group,
                guest=guest,
                number="Z",
                joined_date=date(2026, 1, 2),
                ends_date=date(2026, 1, 2),
            )
