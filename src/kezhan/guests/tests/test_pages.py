"""宾客: found, shown masked, kept right by those who may."""

from datetime import date

from django.test import TestCase

from kezhan.core.fields import reveal
from kezhan.guests import api as guests
from kezhan.hotel.tests.factories import make_hotel
from kezhan.people.tests.factories import NOON

from .factories import CLERK, identity_number, make_guest


class PagesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_hotel(["guests.read", "guests.edit"])
        cls.root = f"/p/{cls.house.place.code}/guests/"
        cls.guest = make_guest(
            cls.house.group, "王小明", "13812345621", email="wang@example.com", birth_date="1990-03-07"
        )
        cls.stranger = make_guest(make_hotel().group, "王小明", "13812345621")

    def setUp(self):
        self.client.force_login(self.house.user)

    def test_search_shows_own_guests_masked(self):
        for text in ("王", "wxm", "5621", "13812345621"):
            page = self.client.get(self.root, {"q": text})
            self.assertContains(page, "138****5621")
            self.assertContains(page, self.guest.number)
            self.assertNotContains(page, self.stranger.number)
        self.assertContains(self.client.get(self.root, {"q": "李"}), "没有找到这位客人")

    def test_typing_swaps_the_rows_alone(self):
        part = self.client.get(self.root, {"q": "王"}, headers={"HX-Request": "true"})
        self.assertContains(part, self.guest.number)
        self.assertNotContains(part, "<html")

    def test_nothing_sealed_is_in_the_profile(self):
        guests.keep_document(
            guest=self.guest, kind="IDENTITY_CARD", number=identity_number(3), actor=CLERK, now=NOON
        )
        for address in (f"{self.root}{self.guest.number}/", f"{self.root}{self.guest.number}/edit/"):
            page = self.client.get(address)
            self.assertContains(page, "138****5621")
            for sealed in ("13812345621", "wang@example.com", "1990-03-07", identity_number(3)):
                self.assertNotContains(page, sealed)

    def test_a_guest_of_another_group_is_not_found(self):
        for step in ("", "edit/", "membership/"):
            self.assertEqual(self.client.get(f"{self.root}{self.stranger.number}/{step}").status_code, 404)

    def test_edit_leaves_what_is_not_typed(self):
        address = f"{self.root}{self.guest.number}/edit/"
        answer = self.client.post(address, {"name": "王晓明", "phone": "", "email": "", "clear": ["email"]})
        self.assertRedirects(answer, f"{self.root}{self.guest.number}/")
        self.guest.refresh_from_db()
        self.assertEqual((self.guest.name, reveal(self.guest, "phone")), ("王晓明", "13812345621"))
        self.assertEqual((reveal(self.guest, "email"), reveal(self.guest, "birth_date")), ("", "1990-03-07"))

    def test_new_profile_and_a_refusal_beside_its_field(self):
        answer = self.client.post(f"{self.root}new/", {"name": "李梅", "phone": "+86 139 0000 1111"})
        made = guests.search(self.house.group, "李梅")[0]
        self.assertRedirects(answer, f"{self.root}{made.number}/")
        refused = self.client.post(f"{self.root}new/", {"name": "李雷", "email": "x"})
        self.assertContains(refused, "这不像电子邮箱", status_code=422)
        self.assertEqual(guests.search(self.house.group, "李雷"), [])

    def test_membership_is_given_and_changed(self):
        address = f"{self.root}{self.guest.number}/membership/"
        self.client.post(
            address, {"number": "V1", "tier": "SILVER", "points": "10", "joined_date": "2026-11-22"}
        )
        member = guests.membership(self.guest, date(2026, 11, 22))
        self.assertEqual((member.number, member.tier, member.points), ("V1", "SILVER", 10))
        self.client.post(address, {"tier": "GOLD", "points": "20", "reason": "升级"})
        member.refresh_from_db()
        self.assertEqual((member.tier, member.points), ("GOLD", 20))

    def test_who_may_only_read_changes_nothing(self):
        reader = make_hotel(["guests.read"])
        guest = make_guest(reader.group)
        self.client.force_login(reader.user)
        root = f"/p/{reader.place.code}/guests/"
        self.assertNotContains(self.client.get(f"{root}{guest.number}/"), "/edit/")
        for step in (f"{guest.number}/edit/", f"{guest.number}/membership/", "new/"):
            self.assertEqual(self.client.post(root + step, {"name": "别人"}).status_code, 403)
