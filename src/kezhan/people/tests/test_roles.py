"""Roles: shipped ones, changing them, and that the shipped rights exist."""

from __future__ import annotations

from io import StringIO

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import TestCase

from kezhan.core.actor import system
from kezhan.core.errors import InvalidInput
from kezhan.core.rights import RIGHTS
from kezhan.people import operations, queries, roles
from kezhan.people.models import Department, Post, Role, RoleRight

from .factories import (
    NOON,
    give_rights,
    make_department,
    make_group,
    make_house,
    make_post,
    make_property,
    make_role,
    make_user,
)

SYSTEM = system("test")


class ShippedRoleTests(TestCase):
    def setUp(self):
        self.group = make_group()

    def ship(self):
        return operations.ship_roles(group=self.group, actor=SYSTEM, now=NOON)

    def rights(self, key):
        return set(
            RoleRight.objects.filter(role__group=self.group, role__key=key).values_list("right", flat=True)
        )

    def test_every_default_right_is_declared_by_some_app(self):
        self.assertEqual(roles.granted_codes() - {code for code, _right in RIGHTS}, set())

    def test_a_default_for_an_unknown_role_fails_at_start(self):
        with self.assertRaises(ImproperlyConfigured):
            roles.grant_by_default("people.read", roles=["no_such_role"])

    def test_a_group_gets_every_role_with_its_words_and_rights(self):
        self.ship()
        self.assertEqual(
            {role.key: role.label for role in Role.objects.of(self.group)},
            {k: str(v) for k, v in roles.SHIPPED.items()},
        )
        self.assertEqual(self.rights("hr"), {"people.read", "people.manage"})
        self.assertEqual(self.rights("administrator"), {code for code, _right in RIGHTS})

    def test_shipping_again_changes_nothing_and_brings_nothing_back(self):
        self.ship()
        RoleRight.objects.filter(role__key="hr", right="people.manage").delete()
        self.assertEqual(self.ship(), [])
        self.assertEqual(self.rights("hr"), {"people.read"})

    def test_an_upgrade_brings_new_rights_alone(self):
        self.ship()
        hr = Role.objects.of(self.group).get(key="hr")
        hr.defaults_seen = ["people.manage"]
        hr.save()
        RoleRight.objects.filter(role=hr).delete()
        call_command("kezhan_ship_roles", stdout=StringIO())
        self.assertEqual(self.rights("hr"), {"people.read"})

    def test_a_new_house_has_departments_and_posts_whose_roles_are_there(self):
        place = make_property(self.group)
        for _twice in range(2):
            operations.furnish_group(group=self.group, actor=SYSTEM, now=NOON)
            operations.furnish_property(place=place, actor=SYSTEM, now=NOON)
        self.assertEqual(Department.objects.filter(property=place).count(), 5)
        self.assertFalse(Post.objects.of(self.group).filter(roles__isnull=True).exists())
        desk = Post.objects.of(self.group).get(code="FOA")
        self.assertEqual({role.key for role in desk.roles.all()}, {"front_desk", "cashier"})


class ChangeRoleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house()
        cls.group = cls.house.group
        cls.boss = make_user(cls.group)
        give_rights(cls.boss, ["people.manage", "people.manage_roles"], None)
        cls.role = make_role(cls.group, ["people.read"])

    def change(self, role=None, rights=("people.read",), actor=None):
        return operations.change_role(
            role_id=(role or self.role).pk, name="新名", name_en="", rights=rights, requires_mfa=False,
            actor=actor or self.boss.actor(), now=NOON,
        )  # fmt: skip

    def rights(self, role=None):
        return set((role or self.role).rights.values_list("right", flat=True))

    def test_rights_are_set_as_asked(self):
        self.change(rights=["people.read", "people.manage"])
        self.assertEqual(self.rights(), {"people.read", "people.manage"})
        self.change(rights=[])
        self.assertEqual(self.rights(), set())

    def test_an_unknown_right_is_refused(self):
        with self.assertRaises(InvalidInput):
            self.change(rights=["people.fly"])
        self.assertEqual(self.rights(), {"people.read"})

    def test_nobody_adds_a_right_to_a_role_of_their_own(self):
        own = self.boss.holdings.get().post.roles.get()
        with self.assertRaises(operations.NotForYourself):
            self.change(own, ["people.manage", "people.manage_roles", "people.read"])
        self.assertEqual(self.rights(own), {"people.manage", "people.manage_roles"})

    def test_nor_a_role_to_a_post_they_hold(self):
        post = self.boss.holdings.get().post
        with self.assertRaises(operations.NotForYourself):
            operations.update_post(
                post_id=post.pk, name="x", name_en="", roles=[*post.roles.all(), self.role],
                actor=self.boss.actor(), now=NOON,
            )  # fmt: skip
        self.assertEqual(post.roles.count(), 1)

    def test_nor_a_risky_right_they_do_not_hold(self):
        with self.assertRaises(operations.BeyondYourOwn):
            self.change(rights=["people.manage_tokens"])
        with self.assertRaises(operations.BeyondYourOwn):
            operations.open_post(
                department=make_department(self.group), code="X", name="X",
                roles=[make_role(self.group, ["people.manage_tokens"])], actor=self.boss.actor(), now=NOON,
            )  # fmt: skip
        self.assertEqual(self.rights(), {"people.read"})

    def test_the_last_administrators_rights_stay(self):
        own = self.boss.holdings.get().post.roles.get()
        with self.assertRaises(operations.LastAdministrator):
            self.change(own, ["people.manage"])
        self.assertEqual(self.rights(own), {"people.manage", "people.manage_roles"})

    def test_a_post_somebody_holds_is_not_retired(self):
        post = make_post(make_department(self.group), self.role)
        holding = operations.give_post(
            user_id=self.house.user.pk, post_id=post.pk, place=None, starts_date=NOON.date(),
            actor=self.boss.actor(), now=NOON,
        )  # fmt: skip
        with self.assertRaises(operations.PostIsHeld):
            operations.retire_post(post_id=post.pk, actor=self.boss.actor(), now=NOON)
        operations.end_post(holding_id=holding.pk, ends_date=NOON.date(), actor=self.boss.actor(), now=NOON)
        operations.retire_post(post_id=post.pk, actor=self.boss.actor(), now=NOON)
        with self.assertRaises(operations.PostRetired):
            operations.give_post(
                user_id=self.house.user.pk, post_id=post.pk, place=None, starts_date=NOON.date(),
                actor=self.boss.actor(), now=NOON,
            )  # fmt: skip

    def test_codes_are_used_once(self):
        department = make_department(self.group, self.house.property, code="FO")
        make_post(department, code="A")
        me = {"actor": self.boss.actor(), "now": NOON}
        with self.assertRaises(operations.CodeTaken):
            operations.open_department(
                group=self.group, place=self.house.property, code="fo", name="前厅", **me
            )
        with self.assertRaises(operations.CodeTaken):
            operations.open_post(department=department, code="a", name="甲", roles=[], **me)
        with self.assertRaises(operations.CodeTaken):
            operations.make_role(group=self.group, key=self.role.key, name="甲", **me)
        operations.open_department(group=self.group, place=None, code="fo", name="集团前厅", **me)

    def test_administrators_are_those_who_can_repair_everything(self):
        give_rights(self.house.user, ["people.manage_roles"], None)
        give_rights(make_user(self.group), ["people.manage", "people.manage_roles"], self.house.property)
        self.assertEqual(queries.administrators(self.group.pk, NOON), [self.boss])
