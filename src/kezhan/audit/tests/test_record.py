from datetime import UTC, date, datetime
from decimal import Decimal

from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.properties import api as properties

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CLERK = Actor(kind="USER", id="7", name="李梅", principal="王强")


class RecordTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = properties.open_group(code="dahua", name="大华", actor=CLERK, now=NOW)
        cls.house = properties.open_property(
            group=cls.group, code="west", name="西湖店", opened_date=date(2026, 1, 1), actor=CLERK, now=NOW
        )

    def test_one_insert_and_nothing_else(self):
        with self.assertNumQueries(1):
            event = audit.record(
                "frontdesk.checked_in", actor=CLERK, subject=None, at=NOW, property_id=self.house.pk
            )
        row = audit.Event.objects.get(pk=event.pk)
        self.assertEqual((row.property_id, row.group_id), (self.house.pk, self.group.pk))
        self.assertEqual(
            (row.actor_kind, row.actor_id, row.actor_name, row.principal), ("USER", "7", "李梅", "王强")
        )
        self.assertEqual((row.at, row.origin, row.facts), (NOW, "WEB", {}))

    def test_subject_is_kind_key_and_code(self):
        event = audit.record("properties.painted", actor=CLERK, subject=self.house, at=NOW)
        self.assertEqual(
            (event.subject_kind, event.subject_key, event.subject_label, event.group_id),
            ("properties.property", str(self.house.pk), "west", self.group.pk),
        )
        self.assertEqual(
            list(audit.events_of(self.house).values_list("verb", flat=True)),
            ["properties.property_opened", "properties.painted"],
        )

    def test_many_in_one_statement(self):
        rows = [
            audit.prepare(
                "billing.posted", actor=CLERK, subject=None, at=NOW, property_id=self.house.pk, facts={"n": n}
            )
            for n in range(40)
        ]
        with self.assertNumQueries(1):
            audit.record_many(rows)
        stored = audit.Event.objects.filter(verb="billing.posted")
        self.assertEqual(stored.count(), 40)
        self.assertEqual(set(stored.values_list("group_id", flat=True)), {self.group.pk})

    def test_before_and_after_are_digests(self):
        event = audit.record(
            "guests.renamed",
            actor=CLERK,
            subject=None,
            at=NOW,
            before={"name": "张三", "n": 1},
            after={"n": 1, "name": "张三"},
        )
        self.assertEqual(event.before_digest, event.after_digest)
        self.assertEqual(len(event.before_digest), 64)

    def test_facts_hold_codes_numbers_and_dates(self):
        event = audit.record(
            "billing.paid", actor=CLERK, subject=None, at=NOW,
            facts={
                "amount": Decimal("380.00"), "on": date(2026, 11, 22), "rooms": ["8801", "8802"], "ok": True,
                "of": {"BAR": 2},
            },
        )  # fmt: skip
        event.refresh_from_db()
        self.assertEqual(
            event.facts,
            {"amount": "380.00", "on": "2026-11-22", "rooms": ["8801", "8802"], "ok": True, "of": {"BAR": 2}},
        )

    def test_facts_refuse_what_may_name_a_person(self):
        for value in (
            "张三",
            "13812345678",
            13812345678,
            "x" * 65,
            "44030019900101123X",
            "a@b.cn",
            1.5,
            object(),
            [["a"], [{"b": {}}]],
        ):
            with self.assertRaises(audit.FactNotAllowed, msg=repr(value)):
                audit.record("guests.noted", actor=CLERK, subject=None, at=NOW, facts={"value": value})
        self.assertFalse(audit.Event.objects.filter(verb="guests.noted").exists())

    def test_reason_is_blotted(self):
        event = audit.record(
            "x.y", actor=CLERK, subject=None, at=NOW, reason="客人 13812345678 (a.b@c.com) 要求"
        )
        self.assertEqual(event.reason, "客人 *** (***) 要求")
