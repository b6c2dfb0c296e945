"""The pages of people: who may open which, what they do, and how quickly a right is gone."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from kezhan.core.door import policy_of
from kezhan.core.fields import seal
from kezhan.people import operations
from kezhan.people.models import ApiToken, Department, DutyShift, Holding, Post, Role, RoleRight, User
from kezhan.people.queries import today_at

from .factories import (
    give_rights,
    make_department,
    make_house,
    make_post,
    make_property,
    make_role,
    make_token,
    make_user,
)

READ, MANAGE, ROLES, TOKENS = "people.read", "people.manage", "people.manage_roles", "people.manage_tokens"


class PageCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(["frontdesk.check_in"])
        cls.group, cls.place, cls.clerk = cls.house.group, cls.house.property, cls.house.user
        cls.boss = make_user(cls.group, name="王总")
        give_rights(cls.boss, [READ, MANAGE, ROLES, TOKENS], None)
        cls.department = make_department(cls.group, cls.place, code="FO")
        cls.role = make_role(cls.group, [READ], key="reader")
        cls.post = make_post(cls.department, cls.role, code="A")
        cls.stranger = make_house(group_rights=[READ, MANAGE, ROLES, TOKENS])
        cls.token, _text = make_token(cls.place, [READ], now=timezone.now())

    def setUp(self):
        cache.clear()
        self.client.force_login(self.boss)

    def url(self, name, **kwargs):
        return reverse(f"people:{name}", kwargs=kwargs)


class DoorTests(PageCase):
    def addresses(self):
        user = {"username": self.clerk.username}
        return {
            READ: [self.url("list"), self.url("person", **user), self.url("posts"), self.url("rota")],
            MANAGE: [
                self.url("hire"),
                *(self.url(name, **user) for name in ("edit", "give_post", "leave", "second_step", "access")),
            ],
            ROLES: [
                self.url("roles"),
                self.url("new_role"),
                self.url("edit_role", key="reader"),
                self.url("new_department"),
                self.url("new_post", department=self.department.handle),
                self.url("edit_post", post=self.post.handle),
            ],
            TOKENS: [self.url("tokens")],
        }

    def test_every_address_declares_its_policy(self):
        for prefix in ("kezhan.people.urls", "kezhan.people.urls_sign_in"):
            for pattern in get_resolver(prefix).url_patterns:
                self.assertIsNotNone(policy_of(pattern.callback), pattern)

    def test_each_right_opens_its_pages_and_no_others(self):
        for held in (None, READ, MANAGE, ROLES, TOKENS):
            user = make_user(self.group)
            give_rights(user, [held, "frontdesk.check_in"] if held else ["frontdesk.check_in"], None)
            self.client.force_login(user)
            for right, addresses in self.addresses().items():
                for address in addresses:
                    status = self.client.get(address).status_code
                    self.assertEqual(status, 200 if right == held else 403, (held, address))

    def test_a_right_at_one_house_does_not_open_the_groups_pages(self):
        user = make_user(self.group)
        give_rights(user, [READ, MANAGE, ROLES, TOKENS], self.place)
        self.client.force_login(user)
        for addresses in self.addresses().values():
            for address in addresses:
                self.assertEqual(self.client.get(address).status_code, 403, address)

    def test_strangers_are_led_to_sign_in(self):
        self.client.logout()
        for addresses in self.addresses().values():
            for address in addresses:
                answer = self.client.get(address)
                self.assertTrue(answer["Location"].startswith("/sign-in/?next="), address)

    def test_another_groups_people_posts_roles_and_tokens_are_not_found(self):
        self.client.force_login(self.stranger.user)
        user = {"username": self.clerk.username}
        for address in (
            *(
                self.url(name, **user)
                for name in ("person", "edit", "give_post", "leave", "access", "second_step")
            ),
            self.url("edit_role", key="reader"),
            self.url("edit_post", post=self.post.handle),
            self.url("new_post", department=self.department.handle),
            f"{self.url('rota')}?house={self.place.code}",
        ):
            self.assertEqual(self.client.get(address).status_code, 404, address)
        for address in (
            self.url("password", **user),
            self.url("retire_post", post=self.post.handle),
            self.url("revoke_token", prefix=self.token.prefix),
        ):
            self.assertEqual(self.client.post(address).status_code, 404, address)
        self.token.refresh_from_db()
        self.assertIsNone(self.token.revoked_at)
        self.assertNotContains(self.client.get(self.url("list")), self.clerk.name)
        self.assertNotContains(self.client.get(self.url("tokens")), self.token.prefix)

    def test_a_right_taken_away_is_gone_at_the_next_request(self):
        user = make_user(self.group)
        holding = give_rights(user, [READ], None)
        self.client.force_login(user)
        self.assertEqual(self.client.get(self.url("list")).status_code, 200)
        RoleRight.objects.filter(role__posts=holding.post).delete()
        self.assertEqual(self.client.get(self.url("list")).status_code, 403)

    def test_a_post_ended_is_gone_at_the_next_request(self):
        user = make_user(self.group)
        holding = give_rights(user, [READ], None)
        self.client.force_login(user)
        self.assertEqual(self.client.get(self.url("list")).status_code, 200)
        now = timezone.now()
        operations.end_post(
            holding_id=holding.pk,
            ends_date=today_at(None, self.group.pk, now),
            actor=self.boss.actor(),
            now=now,
        )
        self.assertEqual(self.client.get(self.url("list")).status_code, 403)

    def test_a_fragment_without_session_sends_the_whole_page_to_sign_in(self):
        self.client.logout()
        answer = self.client.get(
            self.url("list"),
            headers={"hx-request": "true", "hx-current-url": "http://testserver/people/rota/"},
        )
        self.assertEqual(answer["HX-Redirect"], "/sign-in/?next=/people/rota/")


class StaffPageTests(PageCase):
    def test_hiring_shows_the_one_time_password_once(self):
        given = {
            "username": "lina",
            "name": "李娜",
            "language": "zh-hans",
            "hired_date": "2026-11-20",
            "phone": "138 1234 5621",
        }
        answer = self.client.post(self.url("hire"), given)
        user = User.objects.get(username="lina")
        self.assertTrue(user.check_password(answer.context["one_time"]))
        self.assertContains(answer, answer.context["one_time"])
        page = self.client.get(self.url("person", username="lina"))
        self.assertNotContains(page, answer.context["one_time"])
        self.assertContains(page, "138****5621")
        self.assertNotContains(page, "1381234")

    def test_a_taken_name_is_said_in_the_form(self):
        given = {
            "username": self.clerk.username,
            "name": "李娜",
            "language": "zh-hans",
            "hired_date": "2026-11-20",
        }
        answer = self.client.post(self.url("hire"), given)
        self.assertContains(answer, "已经有人用了", status_code=422)

    def test_the_list_finds_by_name_and_by_the_end_of_the_telephone(self):
        operations.update_person(
            user_id=self.clerk.pk, name="赵敏", name_en="", phone="13800005621", email="", language="en",
            actor=self.boss.actor(), now=timezone.now(),
        )  # fmt: skip
        for words in ("赵", "5621", "138 0000 5621", self.clerk.username.upper()):
            page = self.client.get(self.url("list"), {"q": words})
            self.assertContains(page, "赵敏", msg_prefix=words)
            self.assertNotContains(page, "员工没有岗位")
        self.assertEqual(self.client.get(self.url("list"), {"q": "5622"}).context["rows"], [])

    def test_the_list_asks_as_often_for_ten_people_as_for_two(self):
        def count():
            with CaptureQueriesContext(connection) as caught:
                self.client.get(self.url("list"))
            return len(caught)

        few = count()
        for _n in range(8):
            give_rights(make_user(self.group), [], self.place)
        self.assertEqual(count(), few)

    def test_a_post_is_given_by_its_handle_and_ended_again(self):
        address = self.url("give_post", username=self.clerk.username)
        given = {"post": self.post.handle, "place": "", "starts_date": "2026-01-05", "reason": ""}
        self.assertEqual(self.client.post(address, given).status_code, 302)
        holding = Holding.objects.get(post=self.post)
        self.assertEqual((holding.property, holding.user), (self.place, self.clerk))
        page = self.client.get(self.url("person", username=self.clerk.username))
        self.assertContains(page, holding.handle)
        end = self.url("end_post", username=self.clerk.username)
        self.client.post(end, {"holding": holding.handle})
        holding.refresh_from_db()
        self.assertIsNotNone(holding.ends_date)
        self.assertEqual(self.client.post(end, {"holding": "x"}).status_code, 404)

    def test_giving_oneself_a_post_is_refused_with_words(self):
        address = self.url("give_post", username=self.boss.username)
        given = {"post": self.post.handle, "place": "", "starts_date": "2026-01-05"}
        self.assertContains(self.client.post(address, given), "不能给自己授予岗位或权限", status_code=422)
        self.assertFalse(Holding.objects.filter(post=self.post).exists())
        self.assertNotContains(self.client.get(self.url("person", username=self.boss.username)), address)

    def test_another_groups_post_is_no_choice(self):
        foreign = make_post(make_department(self.stranger.group), code="Z")
        address = self.url("give_post", username=self.clerk.username)
        answer = self.client.post(address, {"post": foreign.handle, "starts_date": "2026-01-05"})
        self.assertEqual(answer.status_code, 422)

    def test_transfer_and_leaving(self):
        holding = self.clerk.holdings.get()
        address = self.url("transfer", username=self.clerk.username)
        self.assertContains(self.client.get(address, {"holding": holding.handle}), holding.post.name)
        given = {
            "holding": holding.handle,
            "post": self.post.handle,
            "starts_date": "2099-01-05",
            "reason": "轮岗",
        }
        self.assertEqual(self.client.post(address, given).status_code, 302)
        self.assertEqual(self.clerk.moves.get().kind, "TRANSFERRED")
        address = self.url("leave", username=self.clerk.username)
        self.assertEqual(
            self.client.post(address, {"left_date": "2026-01-01", "reason": "合同到期"}).status_code, 302
        )
        self.clerk.refresh_from_db()
        self.assertFalse(self.clerk.is_active)
        page = self.client.get(self.url("person", username=self.clerk.username))
        self.assertContains(page, "合同到期")
        self.assertNotContains(page, address)

    def test_reset_shows_a_password_that_works(self):
        answer = self.client.post(self.url("password", username=self.clerk.username))
        self.clerk.refresh_from_db()
        self.assertTrue(self.clerk.check_password(answer.context["one_time"]))
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertEqual(self.client.get(self.url("password", username=self.clerk.username)).status_code, 405)

    def test_a_second_step_is_removed_with_a_reason(self):
        self.clerk.authenticator_set.create(type="totp", data={})
        address = self.url("second_step", username=self.clerk.username)
        self.assertEqual(self.client.post(address, {"reason": ""}).status_code, 422)
        self.assertEqual(self.client.post(address, {"reason": "手机丢失"}).status_code, 302)
        self.assertFalse(self.clerk.authenticator_set.exists())

    def test_access_is_closed_and_opened(self):
        address = self.url("access", username=self.clerk.username)
        for active in (False, True):
            self.client.post(address, {"reason": "调查期间"})
            self.clerk.refresh_from_db()
            self.assertEqual(self.clerk.is_active, active)

    def test_who_may_only_read_sees_no_buttons(self):
        reader = make_user(self.group)
        give_rights(reader, [READ], None)
        self.client.force_login(reader)
        page = self.client.get(self.url("person", username=self.clerk.username))
        for name in ("edit", "give_post", "leave", "password", "access", "end_post"):
            self.assertNotContains(page, self.url(name, username=self.clerk.username))
        self.assertNotContains(self.client.get(self.url("list")), self.url("hire"))

    def test_the_edit_form_knows_the_sealed_telephone(self):
        seal(self.clerk, "phone", "13800005621")
        self.clerk.save()
        page = self.client.get(self.url("edit", username=self.clerk.username))
        self.assertContains(page, "138 0000 5621")


class StructurePageTests(PageCase):
    def test_a_department_a_post_and_its_roles(self):
        self.client.post(
            self.url("new_department"), {"place": self.place.code, "code": "hk", "name": "客房部"}
        )
        department = Department.objects.get(code="HK")
        self.assertEqual(department.property, self.place)
        address = self.url("new_post", department=department.handle)
        self.client.post(address, {"code": "a1", "name": "服务员", "roles": ["reader"]})
        post = Post.objects.get(code="A1")
        self.assertEqual([role.key for role in post.roles.all()], ["reader"])
        self.client.post(self.url("edit_post", post=post.handle), {"name": "客房服务员", "roles": []})
        post.refresh_from_db()
        self.assertEqual((post.name, post.roles.count()), ("客房服务员", 0))
        self.client.post(self.url("retire_post", post=post.handle))
        post.refresh_from_db()
        self.assertIsNotNone(post.retired_date)
        self.assertNotContains(self.client.get(self.url("posts")), "客房服务员")

    def test_a_role_is_made_and_given_rights(self):
        answer = self.client.post(self.url("new_role"), {"key": "concierge", "name": "礼宾"})
        self.assertRedirects(answer, self.url("edit_role", key="concierge"))
        given = {"name": "礼宾", "rights": ["people.read"], "requires_mfa": "on"}
        self.client.post(self.url("edit_role", key="concierge"), given)
        role = Role.objects.get(key="concierge")
        self.assertEqual(
            (list(role.rights.values_list("right", flat=True)), role.requires_mfa), (["people.read"], True)
        )
        page = self.client.get(self.url("edit_role", key="concierge"))
        self.assertContains(page, 'value="people.read" checked')
        self.assertContains(page, "员工与权限")

    def test_a_role_of_ones_own_is_refused_with_words(self):
        own = self.boss.holdings.get().post.roles.get()
        address = self.url("edit_role", key=own.key)
        held = list(own.rights.values_list("right", flat=True))
        own.rights.filter(right=TOKENS).delete()
        answer = self.client.post(address, {"rights": held})
        self.assertContains(answer, "不能给自己授予岗位或权限", status_code=422)
        self.assertFalse(own.rights.filter(right=TOKENS).exists())

    def test_tokens_are_listed_and_revoked(self):
        self.assertContains(self.client.get(self.url("tokens")), self.token.prefix)
        self.client.post(self.url("revoke_token", prefix=self.token.prefix))
        self.assertIsNotNone(ApiToken.objects.get().revoked_at)
        self.assertContains(self.client.get(self.url("tokens")), "已吊销")


class RotaPageTests(PageCase):
    def test_a_shift_over_midnight_is_planned_shown_and_cancelled(self):
        day = (timezone.now() + timedelta(days=2)).date()
        given = {
            "house": self.place.code, "week": day.isoformat(), "department": "FO", "user": self.clerk.username,
            "day": day.isoformat(), "starts": "23:00", "ends": "07:00",
        }  # fmt: skip
        self.assertEqual(self.client.post(self.url("rota"), given).status_code, 302)
        shift = DutyShift.objects.get()
        self.assertEqual(shift.ends_at - shift.starts_at, timedelta(hours=8))
        page = self.client.get(self.url("rota"), {"house": self.place.code, "week": day.isoformat()})
        self.assertContains(page, "23:00–07:00")
        self.assertContains(self.client.post(self.url("rota"), given), "已经排了班", status_code=422)
        cancel = {"house": self.place.code, "shift": shift.handle}
        self.assertEqual(self.client.post(self.url("cancel_shift"), cancel).status_code, 302)
        self.assertFalse(DutyShift.objects.exists())

    def test_who_may_only_read_plans_nothing(self):
        reader = make_user(self.group)
        give_rights(reader, [READ], None)
        self.client.force_login(reader)
        self.assertEqual(self.client.post(self.url("rota"), {"house": self.place.code}).status_code, 404)

    def test_a_house_of_another_group_is_not_found(self):
        other = make_property(self.stranger.group)
        self.assertEqual(self.client.get(self.url("rota"), {"house": other.code}).status_code, 404)
