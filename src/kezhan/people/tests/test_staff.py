"""People come, take posts, change them and leave; and what nobody may do."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core import crypto
from kezhan.core.actor import system
from kezhan.core.errors import InvalidInput
from kezhan.core.fields import reveal
from kezhan.people import api as people
from kezhan.people import moves, operations
from kezhan.people.models import DutyShift, Holding, StaffMove, User

from .factories import (
    NOON,
    PASSWORD,
    give_rights,
    make_department,
    make_house,
    make_post,
    make_property,
    make_role,
    make_user,
)

TODAY = date(2026, 11, 22)
SYSTEM = system("test")


class StaffCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(["frontdesk.check_in"])
        cls.group, cls.place = cls.house.group, cls.house.property
        cls.boss = make_user(cls.group)
        give_rights(cls.boss, ["people.read", "people.manage", "people.manage_roles"], None)
        cls.clerk = cls.house.user
        cls.department = make_department(cls.group, cls.place)
        cls.role = make_role(cls.group, ["people.read"])
        cls.post = make_post(cls.department, cls.role)

    def give(self, user=None, actor=None, **given):
        given = {"post_id": self.post.pk, "place": self.place, "starts_date": TODAY, **given}
        user = user or self.clerk
        return operations.give_post(user_id=user.pk, actor=actor or self.boss.actor(), now=NOON, **given)


class HireTests(StaffCase):
    def hire(self, **given):
        given = {
            "username": "Li.Na",
            "name": "李娜",
            "hired_date": TODAY,
            "actor": self.boss.actor(),
            **given,
        }
        return operations.hire(group=self.group, now=NOON, **given)

    def test_a_new_employee_has_a_one_time_password_and_no_rights(self):
        user, one_time = self.hire(phone="138 1234 5621", email="Na@Example.com")
        user.refresh_from_db()
        self.assertEqual(user.username, "li.na")
        self.assertTrue(user.check_password(one_time))
        self.assertTrue(user.must_change_password)
        self.assertEqual(people.properties_of(user, now=NOON), [])
        self.assertEqual([move.kind for move in user.moves.all()], ["HIRED"])
        self.assertEqual(audit.events_of(user).get().verb, "people.hired")

    def test_telephone_and_e_mail_are_sealed_and_found_by_their_index(self):
        user, _password = self.hire(phone="+86 138 1234 5621", email="Na@Example.com")
        row = User.objects.get(pk=user.pk)
        self.assertEqual(
            (reveal(row, "phone"), reveal(row, "email")), ("+86 138 1234 5621", "na@example.com")
        )
        self.assertNotIn(b"1381234", bytes(row.phone))
        self.assertEqual(row.phone_index, crypto.blind_index("user.phone", "13812345621"))
        self.assertEqual(row.phone_tail_index, crypto.blind_index("user.phone_tail", "5621"))
        self.assertEqual(row.email_index, crypto.blind_index("user.email", "na@example.com"))

    def test_a_name_is_used_once_whatever_its_spelling(self):
        self.hire()
        with self.assertRaises(operations.UsernameTaken):
            self.hire(username="LI.NA")
        self.assertEqual(User.objects.filter(username="li.na").count(), 1)

    def test_words_are_asked_for(self):
        for missing in ({"name": " "}, {"username": " "}, {"language": "fr"}):
            with self.assertRaises(InvalidInput):
                self.hire(**missing)

    def test_the_table_refuses_upper_case_names_and_leavers_who_may_sign_in(self):
        for wrong in ({"username": "ABC"}, {"left_date": TODAY}, {"language": "fr"}):
            with self.assertRaises(IntegrityError), transaction.atomic():
                User.objects.filter(pk=self.clerk.pk).update(**wrong)


class PostTests(StaffCase):
    def test_a_post_gives_its_rights_at_once(self):
        self.give()
        self.assertIn("people.read", people.rights_of(self.clerk, self.place, now=NOON))
        self.assertEqual(audit.events_of(Holding.objects.latest("pk")).get().verb, "people.post_given")

    def test_the_same_post_is_not_held_twice_at_once(self):
        self.give(ends_date=TODAY + timedelta(days=9))
        for period in (
            {},
            {"starts_date": TODAY + timedelta(days=8)},
            {"ends_date": TODAY + timedelta(days=1)},
        ):
            with self.assertRaises(operations.AlreadyHeld):
                self.give(**period)
        self.give(starts_date=TODAY + timedelta(days=9))

    def test_a_post_of_one_house_is_not_held_at_another_nor_everywhere(self):
        for place in (make_property(self.group), None):
            with self.assertRaises(operations.PostNotThere):
                self.give(place=place)
        self.assertFalse(Holding.objects.filter(post=self.post).exists())

    def test_a_post_of_the_group_is_held_at_a_house_or_everywhere(self):
        post = make_post(make_department(self.group), self.role)
        self.give(post_id=post.pk, place=None)
        self.give(post_id=post.pk, place=self.place)

    def test_another_groups_post_is_not_found(self):
        stranger = make_house()
        with self.assertRaisesMessage(Exception, "没有找到"):
            self.give(post_id=make_post(make_department(stranger.group)).pk, place=None)

    def test_a_period_must_have_a_day(self):
        with self.assertRaises(InvalidInput):
            self.give(ends_date=TODAY)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Holding.objects.update(ends_date=date(1999, 1, 1))

    def test_ended_today_its_rights_are_gone_now(self):
        holding = self.give()
        operations.end_post(holding_id=holding.pk, ends_date=TODAY, actor=self.boss.actor(), now=NOON)
        self.assertNotIn("people.read", people.rights_of(self.clerk, self.place, now=NOON))
        with self.assertRaises(operations.AlreadyEnded):
            operations.end_post(holding_id=holding.pk, ends_date=TODAY, actor=self.boss.actor(), now=NOON)

    def test_days_already_lived_through_are_not_taken_back(self):
        holding = self.give(starts_date=TODAY - timedelta(days=9))
        with self.assertRaises(InvalidInput):
            operations.end_post(
                holding_id=holding.pk, ends_date=TODAY - timedelta(days=1), actor=self.boss.actor(), now=NOON
            )
        holding.refresh_from_db()
        self.assertIsNone(holding.ends_date)


class RefusalTests(StaffCase):
    """Nobody raises themselves, nobody lifts another above themselves, and somebody always holds the key."""

    def setUp(self):
        self.hr = make_user(self.group)
        give_rights(self.hr, ["people.read", "people.manage"], None)
        self.admin_post = make_post(
            make_department(self.group), make_role(self.group, ["people.manage_roles"])
        )

    def test_nobody_gives_themselves_a_post(self):
        for actor in (self.boss, self.hr):
            with self.assertRaises(operations.NotForYourself):
                self.give(user=actor, actor=actor.actor())
        self.assertFalse(Holding.objects.filter(post=self.post).exists())
        self.assertFalse(audit.events_of(self.boss).exists())

    def test_nobody_gives_a_risky_right_they_do_not_hold(self):
        with self.assertRaises(operations.BeyondYourOwn) as caught:
            self.give(actor=self.hr.actor(), post_id=self.admin_post.pk, place=None)
        self.assertIn("管理角色与权限", str(caught.exception))
        self.give(actor=self.boss.actor(), post_id=self.admin_post.pk, place=None)

    def test_nor_becomes_the_other_by_resetting_their_password(self):
        with self.assertRaises(operations.BeyondYourOwn):
            operations.give_one_time_password(user_id=self.boss.pk, actor=self.hr.actor(), now=NOON)
        with self.assertRaises(operations.BeyondYourOwn):
            operations.remove_second_step(
                user_id=self.boss.pk, actor=self.hr.actor(), now=NOON, reason="丢了"
            )
        operations.give_one_time_password(user_id=self.clerk.pk, actor=self.hr.actor(), now=NOON)

    def test_nobody_transfers_closes_or_lets_go_of_themselves(self):
        holding = self.hr.holdings.get()
        me = {"actor": self.hr.actor(), "now": NOON}
        for act in (
            lambda: operations.transfer(
                holding_id=holding.pk, post_id=self.post.pk, place=self.place, effective_date=TODAY, **me
            ),
            lambda: operations.leave(user_id=self.hr.pk, left_date=TODAY, **me),
            lambda: operations.set_sign_in(user_id=self.hr.pk, allowed=False, reason="", **me),
            lambda: operations.remove_second_step(user_id=self.hr.pk, reason="", **me),
        ):
            with self.assertRaises(operations.NotForYourself):
                act()
        holding.refresh_from_db()
        self.assertIsNone(holding.ends_date)

    def test_the_last_administrator_stays(self):
        holding = self.boss.holdings.get()
        me = {"actor": self.hr.actor(), "now": NOON}
        for act in (
            lambda: operations.end_post(holding_id=holding.pk, ends_date=TODAY, **me),
            lambda: operations.leave(user_id=self.boss.pk, left_date=TODAY, **me),
            lambda: operations.set_sign_in(user_id=self.boss.pk, allowed=False, reason="", **me),
            lambda: operations.transfer(
                holding_id=holding.pk, post_id=self.post.pk, place=self.place, effective_date=TODAY, **me
            ),
        ):
            with self.assertRaises(operations.LastAdministrator):
                act()
        self.boss.refresh_from_db()
        holding.refresh_from_db()
        self.assertTrue(self.boss.is_active)
        self.assertIsNone(holding.ends_date)
        self.assertFalse(StaffMove.objects.filter(user=self.boss).exists())

    def test_with_a_second_one_the_first_may_go(self):
        give_rights(self.hr, ["people.manage_roles"], None)
        operations.leave(user_id=self.boss.pk, left_date=TODAY, actor=self.hr.actor(), now=NOON)


class LeavingTests(StaffCase):
    def setUp(self):
        self.seen = []
        self.hooks = {}
        for registry in (moves.LEAVER_HOOKS, moves.TRANSFER_HOOKS):
            self.hooks[registry] = dict(registry._entries)
        people.on_leaver("test", lambda move, actor, now: self.seen.append((move.kind, move.user.username)))
        people.on_transfer("test", self.note_transfer)

    def tearDown(self):
        for registry, entries in self.hooks.items():
            registry._entries = entries

    def note_transfer(self, move, actor, now):
        self.seen.append((move.old_holding.ends_date, move.new_holding.starts_date))

    def leave(self, day=TODAY):
        return operations.leave(
            user_id=self.clerk.pk, left_date=day, actor=self.boss.actor(), now=NOON, reason="合同到期"
        )

    def test_who_leaves_loses_everything_and_other_apps_are_told(self):
        self.give(starts_date=TODAY + timedelta(days=3))
        coming = DutyShift.objects.create(
            property=self.place, department=self.department, user=self.clerk,
            starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=1, hours=8),
        )  # fmt: skip
        past = DutyShift.objects.create(
            property=self.place, department=self.department, user=self.clerk,
            starts_at=NOON - timedelta(days=1), ends_at=NOON - timedelta(hours=16),
        )  # fmt: skip
        self.leave()
        self.clerk.refresh_from_db()
        self.assertFalse(self.clerk.is_active)
        self.assertEqual(people.rights_of(self.clerk, self.place, now=NOON), set())
        self.assertFalse(self.clerk.holdings.filter(ends_date__isnull=True).exists())
        self.assertEqual(list(DutyShift.objects.all()), [past])
        self.assertNotEqual(past, coming)
        self.assertEqual(self.seen, [("LEFT", self.clerk.username)])

    def test_a_hook_that_refuses_stops_the_leaving(self):
        def refuse(move, actor, now):
            raise InvalidInput()

        people.on_leaver("zz", refuse)
        with self.assertRaises(InvalidInput):
            self.leave()
        self.clerk.refresh_from_db()
        self.assertTrue(self.clerk.is_active)
        self.assertFalse(StaffMove.objects.filter(kind="LEFT").exists())

    def test_nobody_leaves_tomorrow_or_twice(self):
        with self.assertRaises(InvalidInput):
            self.leave(TODAY + timedelta(days=1))
        self.leave()
        with self.assertRaises(operations.HasLeft):
            self.leave()
        with self.assertRaises(operations.HasLeft):
            self.give()

    def test_a_transfer_ends_one_post_and_begins_the_other_on_the_same_day(self):
        old = self.clerk.holdings.get()
        day = TODAY + timedelta(days=5)
        move = operations.transfer(
            holding_id=old.pk, post_id=self.post.pk, place=self.place, effective_date=day,
            actor=self.boss.actor(), now=NOON, reason="轮岗",
        )  # fmt: skip
        self.assertEqual((move.kind, move.reason), ("TRANSFERRED", "轮岗"))
        self.assertEqual(self.seen, [(day, day)])
        before = people.rights_of(self.clerk, self.place, now=NOON)
        after = people.rights_of(self.clerk, self.place, now=NOON + timedelta(days=5))
        self.assertEqual((before, after), ({"frontdesk.check_in"}, {"people.read"}))


class RotaTests(StaffCase):
    def plan(self, user=None, start=1, hours=8):
        starts_at = NOON + timedelta(hours=start)
        return operations.plan_shift(
            department=self.department, place=self.place, user_id=(user or self.clerk).pk, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours), actor=self.boss.actor(), now=NOON,
        )  # fmt: skip

    def test_who_is_on_duty_now(self):
        self.plan()
        self.plan(self.boss, 9)
        code = self.department.code
        at = {
            hour: [u.pk for u in people.duty_now(self.place, now=NOON + timedelta(hours=hour))]
            for hour in (0, 1, 8, 9, 17)
        }
        self.assertEqual(at, {0: [], 1: [self.clerk.pk], 8: [self.clerk.pk], 9: [self.boss.pk], 17: []})
        self.assertEqual(
            people.duty_now(self.place, now=NOON + timedelta(hours=2), department=code), [self.clerk]
        )
        self.assertEqual(people.duty_now(self.place, now=NOON + timedelta(hours=2), department="XX"), [])

    def test_nobody_is_in_two_shifts_at_once(self):
        self.plan()
        with self.assertRaises(operations.ShiftOverlaps):
            self.plan(start=8)
        self.plan(start=9)

    def test_a_shift_that_began_is_not_cancelled(self):
        shift = self.plan()
        with self.assertRaises(InvalidInput):
            operations.cancel_shift(shift_id=shift.pk, actor=self.boss.actor(), now=NOON + timedelta(hours=2))
        operations.cancel_shift(shift_id=shift.pk, actor=self.boss.actor(), now=NOON)
        self.assertFalse(DutyShift.objects.exists())

    def test_another_groups_person_is_not_found(self):
        with self.assertRaisesMessage(Exception, "没有找到"):
            self.plan(make_house(password=PASSWORD).user)
