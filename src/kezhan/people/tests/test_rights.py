"""Who may do what where: posts give roles, roles give rights, and nothing else does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.test import TestCase

from kezhan.people import api as people
from kezhan.people.models import Holding, RoleRight
from kezhan.people.queries import standing_of

from .factories import (
    NOON,
    give_rights,
    make_department,
    make_house,
    make_post,
    make_property,
    make_role,
    make_user,
)


class RightsTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(["frontdesk.check_in"])
        cls.other = make_property(cls.house.group)
        cls.stranger = make_house(["frontdesk.check_in", "frontdesk.check_out"])

    def rights(self, place=None, user=None, now=NOON):
        return people.rights_of(user or self.house.user, place, now=now)

    def test_a_post_gives_its_rights_at_its_house_alone(self):
        self.assertEqual(self.rights(self.house.property), {"frontdesk.check_in"})
        self.assertEqual(self.rights(self.other), set())
        self.assertEqual(self.rights(self.stranger.property), set())
        self.assertEqual(self.rights(None), set())

    def test_a_post_of_the_group_counts_in_every_house_of_the_group(self):
        boss = make_user(self.house.group)
        give_rights(boss, ["people.read"], None)
        self.assertEqual(self.rights(self.other, boss), {"people.read"})
        self.assertEqual(self.rights(None, boss), {"people.read"})
        self.assertEqual(people.properties_of(boss, now=NOON), [self.house.property, self.other])

    def test_rights_of_several_posts_add_up(self):
        give_rights(self.house.user, ["billing.refund"], self.house.property)
        give_rights(self.house.user, ["people.read"], None)
        self.assertEqual(
            self.rights(self.house.property), {"frontdesk.check_in", "billing.refund", "people.read"}
        )

    def test_a_post_without_roles_still_lets_its_holder_into_the_house(self):
        guard = make_user(self.house.group)
        post = make_post(make_department(self.house.group, self.other))
        Holding.objects.create(
            group=self.house.group, user=guard, post=post, property=self.other, starts_date=date(2026, 1, 1)
        )
        self.assertEqual(people.properties_of(guard, now=NOON), [self.other])
        self.assertEqual(self.rights(self.other, guard), set())

    def test_a_holding_counts_from_its_first_day_until_its_end(self):
        clerk = make_user(self.house.group)
        give_rights(
            clerk,
            ["frontdesk.check_in"],
            self.other,
            starts_date=date(2026, 11, 20),
            ends_date=date(2026, 11, 22),
        )
        days = {
            day: bool(self.rights(self.other, clerk, datetime(2026, 11, day, 4, tzinfo=UTC)))
            for day in range(19, 24)
        }
        self.assertEqual(days, {19: False, 20: True, 21: True, 22: False, 23: False})

    def test_the_day_is_the_day_of_the_house(self):
        clerk = make_user(self.house.group)
        far = make_property(self.house.group, timezone="America/Los_Angeles")
        give_rights(clerk, ["frontdesk.check_in"], far, ends_date=date(2026, 11, 22))
        midnight_in_shanghai = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
        self.assertEqual(self.rights(far, clerk, midnight_in_shanghai), {"frontdesk.check_in"})
        self.assertEqual(self.rights(far, clerk, midnight_in_shanghai + timedelta(hours=16)), set())

    def test_a_right_taken_from_the_role_is_gone_when_asked_again(self):
        self.assertEqual(self.rights(self.house.property), {"frontdesk.check_in"})
        RoleRight.objects.filter(group=self.house.group).delete()
        self.assertEqual(self.rights(self.house.property), set())

    def test_who_may_not_sign_in_has_no_rights(self):
        self.house.user.is_active = False
        self.house.user.save()
        self.assertEqual(self.rights(self.house.property), set())
        self.assertEqual(people.rights_of(AnonymousUser(), self.house.property, now=NOON), set())

    def test_nothing_follows_from_a_superuser_flag(self):
        nobody = make_user(self.house.group)
        nobody.is_superuser = nobody.is_staff = True
        self.assertEqual(self.rights(self.house.property, nobody), set())
        self.assertFalse(hasattr(people.User, "has_perm"))
        self.assertNotIn("is_superuser", {field.name for field in people.User._meta.get_fields()})

    def test_a_standing_costs_one_query(self):
        give_rights(self.house.user, ["billing.refund", "billing.post"], self.other)
        with self.assertNumQueries(1):
            standing = standing_of(self.house.user, NOON)
            standing.rights(self.house.property)
            standing.rights(self.other)

    def test_a_role_may_ask_for_a_second_step(self):
        careful = make_user(self.house.group)
        role = make_role(self.house.group, ["billing.refund"], requires_mfa=True)
        post = make_post(make_department(self.house.group), role)
        Holding.objects.create(group=self.house.group, user=careful, post=post, starts_date=date(2026, 1, 1))
        self.assertTrue(standing_of(careful, NOON).needs_second_step)
        careful.authenticator_set.create(type="recovery_codes", data={})
        self.assertTrue(standing_of(careful, NOON).needs_second_step)
        careful.authenticator_set.create(type="totp", data={})
        self.assertFalse(standing_of(careful, NOON).needs_second_step)
