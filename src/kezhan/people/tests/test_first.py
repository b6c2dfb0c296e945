"""The first administrator's link: good once, for a day, while nobody administers; and the ways back in."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from django.utils import timezone

from kezhan.core.rights import RIGHTS
from kezhan.people import api as people
from kezhan.people import operations
from kezhan.people.models import FirstLink, User
from kezhan.properties.api import Group, Property

from .factories import PASSWORD, give_rights, make_group, make_house, make_user

GIVEN = {
    "house_name": "云栖客栈",
    "house_name_en": "Cloud Inn",
    "code": "yunqi",
    "timezone": "Asia/Shanghai",
    "person": "陈掌柜",
    "username": "Chen",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "language": "zh-hans",
}


def link():
    out = StringIO()
    call_command("kezhan_first_link", stdout=out)
    return out.getvalue().strip()


class FirstLinkTests(TestCase):
    def test_it_makes_the_inn_and_its_administrator(self):
        address = link()
        self.assertContains(self.client.get(address), "酒店名称")
        self.assertRedirects(self.client.post(address, GIVEN), "/sign-in/", fetch_redirect_response=False)
        place, user = Property.objects.get(), User.objects.get()
        self.assertEqual((place.code, place.name, place.group.name), ("yunqi", "云栖客栈", "云栖客栈"))
        self.assertEqual((user.username, user.name, user.must_change_password), ("chen", "陈掌柜", False))
        self.assertTrue(user.check_password(PASSWORD))
        everything = {code for code, _right in RIGHTS}
        self.assertEqual(people.rights_of(user, place, now=timezone.now()), everything)
        self.assertEqual(FirstLink.objects.get().group, place.group)

    def test_the_new_administrator_signs_in(self):
        cache.clear()
        self.client.post(link(), GIVEN)
        self.client.post("/sign-in/", {"login": "chen", "password": PASSWORD})
        self.assertEqual(self.client.get("/people/").status_code, 200)

    def test_it_is_good_once(self):
        address, second = link(), link()
        self.client.post(address, GIVEN)
        for used in (address, second):
            for answer in (
                self.client.get(used),
                self.client.post(used, {**GIVEN, "code": "other", "username": "b"}),
            ):
                self.assertIn(answer.status_code, (404, 409))
        self.assertEqual((Group.objects.count(), User.objects.count()), (1, 1))

    def test_it_ends_after_a_day_and_cannot_be_guessed(self):
        address = link()
        self.assertEqual(self.client.get("/first/guess/").status_code, 404)
        FirstLink.objects.update(
            made_at=timezone.now() - timedelta(hours=25), ends_at=timezone.now() - timedelta(hours=1)
        )
        answer = self.client.get(address)
        self.assertContains(answer, "已过期", status_code=404)
        self.assertEqual(self.client.post(address, GIVEN).status_code, 404)
        self.assertFalse(Group.objects.exists())

    def test_only_its_digest_is_stored(self):
        token = link().split("/")[2]
        self.assertNotEqual(FirstLink.objects.get().digest, token)

    def test_where_somebody_administers_there_is_none(self):
        user = make_user(make_group())
        give_rights(user, ["people.manage", "people.manage_roles"], None)
        with self.assertRaisesMessage(CommandError, "已经有管理员"):
            link()

    def test_one_made_before_is_worth_nothing_once_somebody_administers(self):
        address = link()
        give_rights(make_user(make_group()), ["people.manage", "people.manage_roles"], None)
        self.assertEqual(self.client.post(address, GIVEN).status_code, 409)
        self.assertFalse(Property.objects.filter(code="yunqi").exists())

    def test_mistakes_are_shown_and_make_nothing(self):
        address = link()
        for field, wrong in {
            "password": "short",
            "password_again": "different-one",
            "code": "Über",
            "person": "",
        }.items():
            answer = self.client.post(address, {**GIVEN, field: wrong})
            self.assertEqual(answer.status_code, 422, field)
            self.assertTrue(answer.context["form"].errors[field])
        self.assertFalse(Group.objects.exists())
        self.assertEqual(self.client.post(address, GIVEN).status_code, 302)


class ResetPasswordTests(TestCase):
    def run_command(self, username):
        out = StringIO()
        call_command("reset_password", username, stdout=out)
        return out.getvalue().strip()

    def test_the_printed_password_works_once_and_must_be_changed(self):
        user = make_house(password=PASSWORD).user
        one_time = self.run_command(user.username.upper())
        user.refresh_from_db()
        self.assertTrue(user.check_password(one_time))
        self.assertFalse(user.check_password(PASSWORD))
        self.assertTrue(user.must_change_password)

    def test_nobody_and_leavers_are_refused(self):
        with self.assertRaisesMessage(CommandError, "没有登录名"):
            self.run_command("nobody")
        house = make_house(password=PASSWORD)
        operations.leave(
            user_id=house.user.pk,
            left_date=timezone.now().date(),
            actor=make_user(house.group).actor(),
            now=timezone.now(),
        )
        with self.assertRaisesMessage(CommandError, "已经离职"):
            self.run_command(house.user.username)
