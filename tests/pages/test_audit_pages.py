"""The trail on screen: who may see it, what is found, and that no other group's event shows."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from kezhan.audit import api as audit
from kezhan.audit.models import Checkpoint, Event
from kezhan.audit.queries import PAGE
from kezhan.people.tests.factories import make_house


@pytest.fixture(autouse=True)
def checkpoint_file(settings, tmp_path):
    settings.KEZHAN_CHECKPOINT_FILE = str(tmp_path / "checkpoints.jsonl")


class AuditPagesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(group_rights=["audit.read", "audit.export_checkpoint"])
        cls.stranger = make_house(group_rights=["audit.read"])
        cls.clerk = make_house(group_rights=["policy.read"])
        cls.now = timezone.now()
        for house, reason in ((cls.house, "本店的原因"), (cls.stranger, "别店的原因")):
            audit.record(
                "billing.posted", actor=house.actor, subject=house.property, at=cls.now, property_id=house.property.pk,
                reason=reason, facts={"amount": "380.00"},
            )  # fmt: skip

    def page(self, user, name="audit:events", **query):
        self.client.force_login(user)
        return self.client.get(reverse(name), query)

    def test_a_group_sees_its_own_events_and_no_others(self):
        html = self.page(self.house.user).content.decode()
        self.assertIn("本店的原因", html)
        self.assertNotIn("别店的原因", html)
        self.assertIn("380.00", html)

    def test_without_the_right(self):
        for name in ("audit:events", "audit:export", "audit:chain"):
            self.assertEqual(self.page(self.clerk.user, name).status_code, 403)
        self.assertEqual(self.client.post(reverse("audit:checkpoint")).status_code, 403)
        self.assertFalse(Checkpoint.objects.exists())

    def test_filters(self):
        old = self.now - timedelta(days=30)
        audit.record(
            "guests.merged",
            actor=self.house.actor,
            subject=None,
            at=old,
            group_id=self.house.group.pk,
            reason="旧事",
        )
        day = old.date()
        user = self.house.user
        for query, seen in (
            ({}, "本店的原因"),
            ({"first": f"{day - timedelta(1)}", "last": f"{day + timedelta(1)}"}, "旧事"),
            ({"verb": "billing."}, "本店的原因"),
            ({"person": user.name}, "本店的原因"),
            ({"subject": self.house.property.code}, "本店的原因"),
            ({"house": self.house.property.code}, "本店的原因"),
            ({"verb": "guests."}, ""),
            ({"person": "无此人"}, ""),
        ):
            with self.subTest(query):
                html = self.page(user, **query).content.decode()
                found = [text for text in ("本店的原因", "旧事") if text in html]
                self.assertEqual(found, [seen] if seen else [])

    def test_days_that_make_no_sense(self):
        answer = self.page(self.house.user, first="2026-11-22", last="2026-11-01")
        self.assertEqual(answer.status_code, 422)

    def test_pages_by_cursor_show_each_event_once_and_no_key(self):
        audit.record_many(
            audit.prepare(
                "x.y",
                actor=self.house.actor,
                subject=None,
                at=self.now,
                group_id=self.house.group.pk,
                facts={"n": n},
            )
            for n in range(2 * PAGE)
        )
        wanted = set(Event.objects.filter(verb="x.y").values_list("pk", flat=True))
        seen, after = [], ""
        for _ in range(4):
            context = self.page(self.house.user, verb="x.y", after=after).context
            seen += [row["event"].pk for row in context["rows"]]
            after = context["next_cursor"]
            if not after:
                break
        self.assertEqual((len(seen), set(seen)), (2 * PAGE, wanted))
        self.assertEqual(self.page(self.house.user, after="nonsense").status_code, 200)

    def test_the_workbook_holds_the_same_and_is_itself_recorded(self):
        answer = self.page(self.house.user, "audit:export")
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(len(rows), 2)
        self.assertIn("本店的原因", rows[1])
        self.assertTrue(
            Event.objects.filter(verb="audit.trail_exported", actor_id=self.house.actor.id).exists()
        )

    def test_the_chain_page_is_honest_and_shows_the_lag(self):
        html = self.page(self.house.user, "audit:chain").content.decode()
        self.assertIn("封存链只能发现笨拙的改动", html)
        self.assertIn("kz-note-due", html)
        while audit.seal_pending(now=self.now):
            pass
        self.client.post(reverse("audit:checkpoint"))
        html = self.page(self.house.user, "audit:chain").content.decode()
        self.assertIn(Checkpoint.objects.get(chain=self.house.group.pk).hash, html)
        self.assertNotIn("kz-note-due", html)
