import threading
from datetime import date, timedelta
from unittest import mock

from django.db import connection, connections, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from kezhan.policy import api as policy
from kezhan.policy import snapshot
from kezhan.properties import api as properties

from .declared import forget_test_parameters, with_test_parameters
from .test_values import BOSS, NOW, TODAY, ValueCase


def set_hours(place, value, day=TODAY):
    policy.set_value(
        "t_hours", value, property=place, effective_date=day, today=TODAY, reason="试行", actor=BOSS, now=NOW
    )


def hours(place):
    return policy.value("t_hours", property=place, on=TODAY)


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


class CostTest(ValueCase):
    def setUp(self):
        snapshot._kept.clear()

    def test_twenty_numbers_cost_one_query_in_a_transaction(self):
        set_hours(self.west, 6)
        with transaction.atomic():
            hours(self.west)
        with self.assertNumQueries(0):  # still the transaction of the test
            for _ in range(20):
                hours(self.west)

    def test_one_query_for_each_reading(self):
        set_hours(self.west, 6)
        with policy.reading():
            hours(self.west)

        def request():
            with policy.reading():
                for _ in range(20):
                    policy.value("t_money", property=self.west, on=TODAY)
                    with policy.reading():
                        self.assertEqual(hours(self.west), 6)

        self.assertEqual(queries(request), 1)

    def test_a_house_without_values_costs_one_query(self):
        def request():
            with policy.reading():
                self.assertEqual(hours(self.east), 24)
                self.assertEqual(hours(self.east), 24)

        self.assertEqual(queries(request), 1)

    def test_own_change_is_felt_at_once(self):
        with policy.reading():
            self.assertEqual(hours(self.west), 24)
            set_hours(self.west, 6)
            self.assertEqual(hours(self.west), 6)
            set_hours(self.west, 5)
            self.assertEqual(hours(self.west), 5)

    def test_memory_is_bounded(self):
        with mock.patch.object(snapshot, "KEPT", 3):
            for n in range(6):
                place = properties.open_property(
                    group=self.group,
                    code=f"h{n}",
                    name="x",
                    opened_date=date(2026, 1, 1),
                    actor=BOSS,
                    now=NOW,
                )
                set_hours(place, n)
                self.assertEqual(hours(place), n)
            self.assertEqual([code for _group, code in snapshot._kept], ["h3", "h4", "h5"])

    def test_a_house_holds_only_what_concerns_it(self):
        set_hours(self.west, 6)
        set_hours(self.east, 7)
        hours(self.west)
        held = snapshot._kept[(self.group.pk, "west")]
        self.assertEqual(list(held.entries), [("t_hours", "PROPERTY", "west")])

    def test_a_rolled_back_change_leaves_nothing_behind(self):
        class Undone(Exception):
            pass

        set_hours(self.west, 6)
        with self.assertRaises(Undone), transaction.atomic():
            set_hours(self.west, 7)
            self.assertEqual(hours(self.west), 7)
            raise Undone
        self.assertEqual(hours(self.west), 6)
        set_hours(self.west, 8)
        self.assertEqual(hours(self.west), 8)


class TwoProcessesTest(TransactionTestCase):
    """Another connection changes a value; this one, with its own snapshot, feels it at its next reading."""

    def setUp(self):
        with_test_parameters()
        self.addCleanup(forget_test_parameters)
        snapshot._kept.clear()
        self.group = properties.open_group(code="dahua", name="大华", actor=BOSS, now=NOW)
        self.west = properties.open_property(
            group=self.group, code="west", name="西湖", opened_date=date(2026, 1, 1), actor=BOSS, now=NOW
        )

    def elsewhere(self, value):
        """As another process does it: our own notes of what was checked are not touched."""
        faults = []

        def work():
            try:
                with mock.patch("kezhan.policy.operations.forget_checked"):
                    set_hours(self.west, value)
            except Exception as fault:  # noqa: BLE001
                faults.append(fault)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual(faults, [])

    def test_felt_at_the_next_request_and_not_within_one(self):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            self.skipTest("a database in memory has one connection")
        with policy.reading():
            self.assertEqual(hours(self.west), 24)
            self.elsewhere(6)
            self.assertEqual(hours(self.west), 24)
        with policy.reading():
            self.assertEqual(hours(self.west), 6)
        self.elsewhere(7)
        self.assertEqual(hours(self.west), 7)

    def test_felt_in_the_next_transaction(self):
        with transaction.atomic():
            self.assertEqual(hours(self.west), 24)
            self.assertEqual(queries(lambda: hours(self.west)), 0)
        set_hours(self.west, 6)
        with transaction.atomic():
            self.assertEqual(hours(self.west), 6)
        try:
            with transaction.atomic():
                hours(self.west)
                raise ValueError
        except ValueError:
            pass
        with transaction.atomic():
            self.assertEqual(queries(lambda: hours(self.west)), 1)

    def test_two_changes_at_once_take_turns(self):
        if connection.vendor == "sqlite":
            self.skipTest("SQLite has one writer")
        faults = []

        def work(n):
            try:
                for k in range(5):
                    set_hours(self.west, n * 10 + k, TODAY + timedelta(days=k % 2))
            except Exception as fault:  # noqa: BLE001
                faults.append(fault)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        rows = policy.history("t_hours", self.group)
        self.assertEqual(
            sorted(rows.filter(effective_date=TODAY).values_list("revision", flat=True)), list(range(6))
        )


class ForgottenAppTest(TestCase):
    def test_rows_of_a_parameter_nobody_declares_stay_history(self):
        with_test_parameters()
        group = properties.open_group(code="dahua", name="大华", actor=BOSS, now=NOW)
        policy.set_value(
            "t_hours", 6, group=group, effective_date=TODAY, today=TODAY, reason="试行", actor=BOSS, now=NOW
        )
        policy.set_value(
            "t_money", 6, group=group, effective_date=TODAY, today=TODAY, reason="试行", actor=BOSS, now=NOW
        )
        declared = policy.PARAMETERS._entries.pop("t_hours")
        snapshot._kept.clear()
        self.assertEqual(policy.value("t_money", group=group, on=TODAY), 6)
        self.assertEqual(policy.history("t_hours", group).count(), 1)
        policy.PARAMETERS._entries["t_hours"] = declared
        forget_test_parameters()
