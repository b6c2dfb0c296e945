"""Profiles: sealed, recognised, searched, promoted."""

from datetime import date

from django.db import connection
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core.errors import InvalidInput, NotFound
from kezhan.core.fields import reveal
from kezhan.guests import api as guests
from kezhan.people.tests.factories import NOON, make_group

from .factories import CLERK, make_guest


class ProfileTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = make_group()
        cls.stranger = make_guest(make_group(), "王小明", "13812345621")

    def test_telephone_and_mail_are_sealed(self):
        guest = make_guest(self.group, "王小明", "+86 138 1234 5621", email="Wang@Example.com")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM guests_guest WHERE id = %s", [guest.pk])
            row = b"|".join(value if isinstance(value, bytes) else bytes(value) if isinstance(value, memoryview)
                            else str(value).encode() for value in cursor.fetchone())  # fmt: skip
        for clear in (b"13812345621", b"5621", b"wang@", b"Wang@"):
            self.assertNotIn(clear, row)
        guest = guests.guest_by_number(self.group, guest.number)
        self.assertEqual(
            (reveal(guest, "phone"), reveal(guest, "email")), ("13812345621", "wang@example.com")
        )
        self.assertEqual(
            (guests.masked_phone(guest), guests.masked_email(guest)), ("138****5621", "w***@example.com")
        )

    def test_the_trail_names_nobody(self):
        guest = make_guest(
            self.group, "欧阳娜娜", "13812345621", email="nana@example.com", birth_date="1990-03-07"
        )
        guests.update_profile(
            guest_id=guest.pk,
            group_id=self.group.pk,
            name="欧阳兰",
            phone="13900001111",
            actor=CLERK,
            now=NOON,
        )
        for event in audit.events_of(guest):
            kept = repr([getattr(event, field.name) for field in event._meta.fields])
            for personal in ("欧阳", "13812345621", "13900001111", "nana", "1990"):
                self.assertNotIn(personal, kept)
        self.assertEqual(
            [(e.verb, e.facts) for e in audit.events_of(guest)],
            [
                ("guests.profile_made", {"kind": "TEMPORARY"}),
                ("guests.profile_changed", {"fields": ["name", "phone"]}),
            ],
        )

    def test_recognised_by_telephone_and_name_together(self):
        guest = make_guest(self.group, "王小明", "13812345621")
        again = {"group": self.group, "actor": CLERK, "now": NOON}
        self.assertEqual(guests.find_or_make(name="王小明", phone="+86 13812345621", **again), (guest, True))
        wife, known = guests.find_or_make(name="李梅", phone="13812345621", **again)
        self.assertEqual((known, wife.pk == guest.pk, wife.kind), (False, False, "TEMPORARY"))
        self.assertEqual(guests.find_or_make(name="王小明", phone="", **again)[1], False)

    def test_a_merged_profile_leads_to_the_one_that_stays(self):
        stays, gone, first = (make_guest(self.group, "赵云", "13700001111") for _ in range(3))
        guests.Guest.objects.filter(pk=first.pk).update(merged_into=gone)
        guests.Guest.objects.filter(pk=gone.pk).update(merged_into=stays)
        first.refresh_from_db()
        self.assertEqual(guests.survivor(first), stays)
        self.assertEqual(guests.recognise(group=self.group, name="赵云", phone="13700001111"), stays)
        self.assertEqual(guests.search(self.group, "赵云"), [stays])

    def test_search(self):
        shan = make_guest(self.group, "单雄信", "13955550077")
        john = make_guest(self.group, "John Smith", "+442079460018")
        member = make_guest(self.group, "张三丰", "")
        guests.enrol_member(
            guest=member, number="VIP-0077", joined_date=date(2026, 1, 1), actor=CLERK, now=NOON
        )
        for text, found in (
            ("单", [shan]), ("shanx", [shan]), ("sxx", [shan]), ("SXX", [shan]), ("13955550077", [shan]),
            ("+86 139 5555 0077", [shan]), ("0077", [shan]), ("雄信", [shan]), (shan.number.lower(), [shan]),
            ("smith", [john]), ("0018", [john]), ("vip0077", [member]), ("", []), ("王小明", []), ("5621", []),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(guests.search(self.group, text), found)

    def test_what_is_no_telephone_is_refused_and_nothing_kept(self):
        with self.assertRaises(InvalidInput) as refused:
            make_guest(self.group, "王小明", "没有", email="x", birth_date="1990-02-31", nationality="1")
        self.assertEqual(sorted(refused.exception.fields), ["birth_date", "email", "nationality", "phone"])
        self.assertFalse(guests.Guest.objects.of(self.group).exists())

    def test_promoted_once(self):
        guest = make_guest(self.group)
        for _ in range(2):
            guests.promote(guest=guest, actor=CLERK, now=NOON)
        guest.refresh_from_db()
        self.assertEqual(guest.kind, "REGULAR")
        verbs = list(audit.events_of(guest).values_list("verb", flat=True))
        self.assertEqual(verbs, ["guests.profile_made", "guests.profile_promoted"])

    def test_another_group_sees_nothing(self):
        with self.assertRaises(NotFound):
            guests.guest_by_number(self.group, self.stranger.number)
        with self.assertRaises(NotFound):
            guests.update_profile(
                guest_id=self.stranger.pk, group_id=self.group.pk, name="别人", actor=CLERK, now=NOON
            )

    def test_age_from_the_sealed_date(self):
        guest = make_guest(self.group, birth_date=date(1966, 11, 23))
        self.assertEqual(guests.age_on(guest, date(2026, 11, 22)), 59)
        self.assertEqual(guests.age_on(guest, date(2026, 11, 23)), 60)
        self.assertEqual(guests.masked_birth_date(guest), "1966-**-**")
        self.assertIsNone(guests.age_on(make_guest(self.group), date(2026, 11, 22)))
