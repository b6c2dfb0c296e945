from datetime import UTC, date, datetime

from django.db import IntegrityError, transaction
from django.test import SimpleTestCase, TestCase

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput, NotFound
from kezhan.properties import api as properties
from kezhan.properties.models import Property
from kezhan.properties.rules import code_is_fine

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
BOSS = Actor(kind="USER", id="1", name="王强")


def verbs():
    return list(audit.Event.objects.order_by("pk").values_list("verb", flat=True))


class HousesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = properties.open_group(code="dahua", name="大华", actor=BOSS, now=NOW)
        cls.west = cls.open("west")

    @classmethod
    def open(cls, code, **given):
        given = {"group": cls.group, "name": "西湖店", "opened_date": date(2026, 1, 1)} | given
        return properties.open_property(code=code, actor=BOSS, now=NOW, **given)

    def test_opening_is_recorded(self):
        self.assertEqual(verbs(), ["properties.group_opened", "properties.property_opened"])
        event = audit.Event.objects.get(verb="properties.property_opened")
        self.assertEqual((event.property_id, event.group_id), (self.west.pk, self.group.pk))

    def test_a_code_is_never_used_twice_not_even_after_closing(self):
        properties.close_property(
            property_id=self.west.pk, closed_date=date(2026, 12, 1), reason="改造", actor=BOSS, now=NOW
        )
        other = properties.open_group(code="other", name="别家", actor=BOSS, now=NOW)
        for group in (self.group, other):
            with self.assertRaises(properties.CodeTaken):
                self.open("west", group=group)
        with self.assertRaises(properties.CodeTaken):
            properties.open_group(code="dahua", name="x", actor=BOSS, now=NOW)
        self.assertEqual(Property.objects.count(), 1)

    def test_what_is_refused(self):
        for given in (
            {"code": "West"}, {"code": "a_b"}, {"code": ""}, {"code": "x", "timezone": "Asia/Xihu"},
            {"code": "x", "name": "  "}, {"code": "x", "currency": "rmb"}, {"code": "x", "edition": "INN"},
        ):  # fmt: skip
            with self.subTest(given), self.assertRaises(InvalidInput):
                self.open(**given)
        self.assertEqual(Property.objects.count(), 1)

    def test_the_database_refuses_what_the_operation_would(self):
        for given in ({"edition": "INN"}, {"closed_date": date(2026, 1, 1)}, {"timezone": ""}, {"code": ""}):
            with self.subTest(given), self.assertRaises(IntegrityError), transaction.atomic():
                Property.objects.filter(pk=self.west.pk).update(**given)

    def test_update_records_what_changed_and_nothing_when_nothing_did(self):
        properties.update_property(
            property_id=self.west.pk, actor=BOSS, now=NOW, name="西湖", timezone="Asia/Urumqi"
        )
        self.west.refresh_from_db()
        self.assertEqual((self.west.name, self.west.timezone), ("西湖", "Asia/Urumqi"))
        event = audit.Event.objects.get(verb="properties.property_updated")
        self.assertEqual(event.facts, {"fields": ["name", "timezone"]})
        self.assertNotEqual(event.before_digest, event.after_digest)
        properties.update_property(property_id=self.west.pk, actor=BOSS, now=NOW, name="西湖")
        self.assertEqual(verbs().count("properties.property_updated"), 1)

    def test_code_currency_and_group_do_not_change(self):
        with self.assertRaises(TypeError):
            properties.update_property(property_id=self.west.pk, actor=BOSS, now=NOW, code="east")

    def test_closing(self):
        def close(day=date(2026, 12, 1), reason="改造"):
            return properties.close_property(
                property_id=self.west.pk, closed_date=day, reason=reason, actor=BOSS, now=NOW
            )

        with self.assertRaises(InvalidInput):
            close(day=date(2026, 1, 1))
        with self.assertRaises(InvalidInput):
            close(reason=" ")
        properties.CLOSING_CHECKS.register("test", lambda place, day: "还有 2 个预订。")
        try:
            with self.assertRaises(properties.CannotClose) as caught:
                close()
            self.assertEqual(str(caught.exception), "west 现在不能停业：还有 2 个预订。")
        finally:
            properties.CLOSING_CHECKS._entries.pop("test")
        self.assertNotIn("properties.property_closed", verbs())
        close()
        with self.assertRaises(properties.AlreadyClosed):
            close()
        self.assertEqual(list(Property.objects.open_on(date(2026, 11, 30))), [self.west])
        self.assertEqual(list(Property.objects.open_on(date(2026, 12, 1))), [])

    def test_finding(self):
        self.assertEqual(properties.property_by_code("west"), self.west)
        with self.assertRaises(NotFound):
            properties.property_by_code("east")
        self.assertEqual(list(properties.properties_of(self.group)), [self.west])

    def test_local_date_is_the_one_on_the_wall(self):
        self.assertEqual(properties.local_date(self.west, NOW), date(2026, 11, 23))
        utc = self.open("utc", timezone="UTC")
        self.assertEqual(properties.local_date(utc, NOW), date(2026, 11, 22))


class CodeTest(SimpleTestCase):
    def test_codes(self):
        for code, fine in (
            ("west", True),
            ("xihu-01", True),
            ("-a", False),
            ("a--b", False),
            ("a" * 33, False),
        ):
            self.assertEqual(code_is_fine(code), fine, code)
