from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.policy import api as policy
from kezhan.policy.api import State
from kezhan.properties import api as properties

from .test_values import BOSS, NOW

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)


def acts(place, start, end):
    zone = properties.zone(place.timezone)
    bounds = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in (start, end)]
    return audit.Event.objects.filter(
        property_id=place.pk, verb="x.done", at__gte=bounds[0], at__lt=bounds[1]
    )


class MeasureCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = properties.open_group(code="dahua", name="大华", actor=BOSS, now=NOW)
        cls.west, cls.east = (
            properties.open_property(
                group=cls.group, code=code, name=code, opened_date=date(2026, 1, 1), actor=BOSS, now=NOW
            )
            for code in ("west", "east")
        )

    def declared(self, **given):
        given = {"code": "x.step", "kind": policy.ControlKind.STEP, "label": "登记"} | given
        control = policy.register_control(policy.Control(**given))
        self.addCleanup(policy.CONTROLS._entries.pop, control.code)
        return control

    def act(self, label, place=None, at=NOW):
        audit.record(
            "x.done",
            actor=BOSS,
            subject=None,
            at=at,
            property_id=(place or self.west).pk,
            facts={"how": label},
        )

    def read(self, place=None):
        return policy.measure("x.step", place or self.west, DAY, NEXT, NOW)


STEP = policy.StepMeasure(
    subjects=acts,
    done=Q(facts__how__in=["done", "late"]),
    late=Q(facts__how="late"),
    due_at="recorded_at",
    applies=~Q(facts__how="exempt"),
    waived=Q(facts__how="waived"),
    unknown=Q(facts__how="unknown"),
)


class StepTest(MeasureCase):
    def test_every_state_and_the_rows_behind_it(self):
        self.declared(measure=STEP)
        for label in ("done", "done", "late", "open", "exempt", "waived", "unknown"):
            self.act(label)
        self.act("done", self.east)
        self.act("done", at=NOW + timedelta(days=1))
        before = datetime(2000, 1, 1, tzinfo=UTC)
        with self.assertNumQueries(1):
            breached = policy.measure("x.step", self.west, DAY, NEXT, datetime.now(UTC) + timedelta(hours=1))
        due = policy.measure("x.step", self.west, DAY, NEXT, before)
        common = {State.MET: 2, State.MET_LATE: 1, State.NOT_DUE: 1, State.WAIVED: 1, State.UNKNOWN: 1}
        self.assertEqual(breached.counts, common | {State.BREACHED: 1, State.DUE: 0})
        self.assertEqual(due.counts, common | {State.BREACHED: 0, State.DUE: 1})
        self.assertEqual((breached.denominator, breached.rate), (4, Decimal("50.0")))
        for state, count in breached.counts.items():
            rows = policy.subjects(
                "x.step", self.west, DAY, NEXT, datetime.now(UTC) + timedelta(hours=1), state
            )
            self.assertEqual(rows.count(), count, state)

    def test_without_a_time_a_missing_step_is_a_breach_at_once(self):
        self.declared(measure=policy.StepMeasure(subjects=acts, done=Q(facts__how="done")))
        self.act("open")
        self.assertEqual(self.read().state, State.BREACHED)

    def test_unknown_comes_before_everything(self):
        self.declared(measure=STEP)
        self.act("done")
        self.assertEqual((self.read().state, self.read().rate), (State.MET, Decimal("100.0")))
        self.act("unknown")
        self.assertEqual(self.read().state, State.UNKNOWN)


class PermissionTest(MeasureCase):
    def test_acts_of_people_who_were_not_allowed(self):
        self.declared(
            kind=policy.ControlKind.PERMISSION,
            measure=policy.PermissionMeasure(subjects=acts, allowed=Q(actor_kind="USER")),
        )
        self.act("done")
        audit.record(
            "x.done",
            actor=BOSS.__class__("TOKEN", "9", "接口"),
            subject=None,
            at=NOW,
            property_id=self.west.pk,
        )
        reading = self.read()
        self.assertEqual((reading.counts[State.MET], reading.counts[State.BREACHED]), (1, 1))
        self.assertEqual((reading.state, reading.rate), (State.BREACHED, Decimal("50.0")))


class ReadingTest(MeasureCase):
    def test_no_subject_reads_not_due_and_has_no_rate(self):
        self.declared(measure=STEP)
        self.assertEqual((self.read().state, self.read().rate), (State.NOT_DUE, None))

    def test_a_control_that_has_no_measure_yet(self):
        self.declared()
        self.assertEqual((self.read().state, sum(self.read().counts.values())), (State.NOT_DUE, 0))
        self.assertIsNone(policy.subjects("x.step", self.west, DAY, NEXT, NOW))

    def test_a_late_feed_reads_unknown_though_its_rows_are_green(self):
        fed = {"at": NOW - timedelta(minutes=59)}
        self.declared(measure=STEP, feed=lambda place: fed["at"])
        self.act("done")
        self.assertEqual(self.read().state, State.MET)
        for late in (NOW - timedelta(minutes=61), None):
            fed["at"] = late
            reading = self.read()
            self.assertEqual(
                (reading.state, reading.rate, reading.counts[State.MET]), (State.UNKNOWN, None, 1)
            )

    def test_a_code_declared_twice_or_not_at_all(self):
        self.declared()
        with self.assertRaises(ImproperlyConfigured):
            policy.register_control(policy.Control(code="x.step", kind=policy.ControlKind.STEP, label="x"))
        with self.assertRaises(LookupError):
            policy.measure("x.none", self.west, DAY, NEXT, NOW)
