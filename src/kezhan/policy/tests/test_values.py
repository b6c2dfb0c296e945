from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, TestCase

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.policy import api as policy
from kezhan.properties import api as properties

from .declared import forget_test_parameters, with_test_parameters

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
BOSS = Actor(kind="USER", id="1", name="王强")


class ValueCase(TestCase):
    @classmethod
    def setUpClass(cls):
        with_test_parameters()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        forget_test_parameters()

    @classmethod
    def setUpTestData(cls):
        cls.group = properties.open_group(code="dahua", name="大华", actor=BOSS, now=NOW)
        cls.west, cls.east = (
            properties.open_property(
                group=cls.group, code=code, name=code, opened_date=date(2026, 1, 1), actor=BOSS, now=NOW
            )
            for code in ("west", "east")
        )

    def set(self, key, value, effective=TODAY, **where):
        where.setdefault("reason", "试行")
        return policy.set_value(
            key, value, effective_date=effective, today=TODAY, actor=BOSS, now=NOW, **where
        )


class ResolutionTest(ValueCase):
    def test_department_then_property_then_group_then_default(self):
        def read(**where):
            return policy.value("t_hours", on=TODAY, **where)

        self.assertEqual(read(property=self.west), 24)
        self.set("t_hours", 12, group=self.group)
        self.set("t_hours", 6, property=self.west)
        self.set("t_hours", 3, property=self.west, department="front")
        self.assertEqual(read(property=self.west, department="front"), 3)
        self.assertEqual(read(property=self.west, department="kitchen"), 6)
        self.assertEqual(read(property=self.west), 6)
        self.assertEqual(read(property=self.east, department="front"), 12)
        self.assertEqual(read(group=self.group), 12)
        self.assertEqual(read(), 24)

    def test_effective_from_its_business_date(self):
        self.set("t_hours", 6, TODAY + timedelta(days=3), property=self.west)
        read = [
            policy.value("t_hours", property=self.west, on=TODAY + timedelta(days=n)) for n in (0, 2, 3, 9)
        ]
        self.assertEqual(read, [24, 24, 6, 6])

    def test_second_value_for_the_day_supersedes_and_both_stay(self):
        first = self.set("t_hours", 6, property=self.west)
        second = self.set("t_hours", 7, property=self.west)
        self.assertEqual(policy.value("t_hours", property=self.west, on=TODAY), 7)
        self.assertEqual((second.revision, second.supersedes), (1, first))
        self.assertEqual([row.value for row in policy.history("t_hours", self.group)], [7, 6])

    def test_a_scope_gives_its_value_up(self):
        self.set("t_hours", 12, group=self.group)
        self.set("t_hours", 6, property=self.west)
        self.set("t_hours", None, TODAY + timedelta(days=1), property=self.west)
        self.assertEqual(policy.value("t_hours", property=self.west, on=TODAY), 6)
        self.assertEqual(policy.value("t_hours", property=self.west, on=TODAY + timedelta(days=1)), 12)

    def test_provenance(self):
        plain = policy.explain("t_hours", property=self.west, on=TODAY)
        self.assertEqual((plain.value, plain.scope, plain.value_id), (24, "", None))
        row = self.set("t_hours", 6, property=self.west)
        found = policy.explain("t_hours", property=self.west, on=TODAY)
        self.assertEqual(
            (
                found.value,
                found.scope,
                found.scope_key,
                found.value_id,
                found.effective_date,
                found.actor_name,
            ),
            (6, "PROPERTY", "west", row.pk, TODAY, "王强"),
        )

    def test_unknown_key(self):
        with self.assertRaises(LookupError):
            policy.value("no_such_key", property=self.west, on=TODAY)

    def test_duration(self):
        self.assertEqual(policy.duration("t_hours", property=self.west, on=TODAY), timedelta(hours=24))


class RefusalTest(ValueCase):
    def refused(self, error, *given, **where):
        with self.assertRaises(error) as caught:
            self.set(*given, **where)
        self.assertFalse(policy.ParameterValue.objects.exists())
        self.assertFalse(audit.Event.objects.filter(verb="policy.value_set").exists())
        return caught.exception

    def test_outside_law_names_the_citation(self):
        error = self.refused(policy.OutsideLaw, "t_law", 25, property=self.west)
        self.assertIn("24", str(error))
        self.assertEqual(error.advice, "依据：旅馆业治安管理办法第六条。可以更严，不能更宽。")
        self.set("t_law", 24, property=self.west)
        self.set("t_law", 1, property=self.west)

    def test_the_past(self):
        self.refused(policy.InThePast, "t_hours", 3, TODAY - timedelta(days=1), property=self.west)

    def test_no_reason(self):
        self.refused(InvalidInput, "t_hours", 3, property=self.west, reason="  ")

    def test_not_that_kind(self):
        for key, value in (
            ("t_hours", "soon"), ("t_hours", 1.5), ("t_hours", "1.5"), ("t_hours", -1), ("t_hours", True),
            ("t_money", "0.001"), ("t_time", "25:00"), ("t_choice", "C"), ("t_bool", "maybe"),
            ("t_tiers", ["3", "2"]), ("t_tiers", []), ("t_percent", "NaN"), ("t_percent", "1e99"),
        ):  # fmt: skip
            with self.subTest(key=key, value=value):
                self.refused(InvalidInput, key, value, property=self.west)

    def test_a_scope_that_is_not_offered(self):
        self.refused(policy.ScopeNotOffered, "t_group_only", 3, property=self.west)


class KindTest(ValueCase):
    def test_what_goes_in_comes_out_typed(self):
        for key, given, typed in (
            ("t_hours", "7", 7),
            ("t_percent", "12.50", Decimal("12.5")),
            ("t_money", "300", Decimal("300.00")),
            ("t_time", "18:30", time(18, 30)),
            ("t_choice", "B", "B"),
            ("t_bool", "on", True),
            ("t_tiers", ["1", "2.5"], ({"spend": Decimal("1.00")}, {"spend": Decimal("2.50")})),
        ):
            with self.subTest(key=key):
                self.set(key, given, property=self.west)
                found = policy.value(key, property=self.west, on=TODAY)
                self.assertEqual(found, typed)
                self.assertIs(type(found), type(typed))

    def test_the_change_is_recorded(self):
        self.set("t_hours", 6, property=self.west)
        event = audit.Event.objects.get(verb="policy.value_set")
        self.assertEqual(
            (event.group_id, event.property_id, event.reason, event.facts["parameter"]),
            (self.group.pk, self.west.pk, "试行", "t_hours"),
        )
        self.assertNotEqual(event.before_digest, event.after_digest)


class DeclarationTest(SimpleTestCase):
    def test_a_wrong_declaration_fails_at_start(self):
        good = {"key": "x", "module": "policy", "label": "x", "kind": policy.Kind.INTEGER, "default": 1}
        policy.Parameter(**good)
        for wrong in (
            {"default": "many"},
            {"hard_min": 1},
            {"hard_min": 2, "citation": "x"},
            {"kind": policy.Kind.CHOICE, "choices": (("2", "2"),)},
        ):
            with self.assertRaises(ImproperlyConfigured):
                policy.Parameter(**(good | wrong))
