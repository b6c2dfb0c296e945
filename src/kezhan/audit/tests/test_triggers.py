"""What the database itself refuses; the refusals are proved without lifting a trigger."""

from django.db import DatabaseError, connection, transaction
from django.test import TestCase

from kezhan.audit import api as audit
from kezhan.audit.models import Event, Seal
from kezhan.audit.sealing import seal_pending

from .factories import NOW, make_events


class AppendOnlyTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = make_events(2)[0]
        seal_pending(now=NOW)

    def refused(self, act):
        with self.assertRaisesMessage(DatabaseError, "append only"), transaction.atomic():
            act()
        self.assertEqual((Event.objects.count(), Seal.objects.count()), (2, 2))
        self.assertEqual(Event.objects.get(pk=self.event.pk).reason, "例行")

    def execute(self, statement):
        def act():
            with connection.cursor() as cursor:
                cursor.execute(statement)

        return act

    def test_update_is_refused(self):
        self.refused(lambda: Event.objects.filter(pk=self.event.pk).update(reason="x"))
        self.refused(lambda: Seal.objects.update(hash="0" * 64))
        self.refused(self.execute("UPDATE audit_event SET reason = 'x'"))

    def test_delete_is_refused(self):
        self.refused(lambda: Seal.objects.all().delete())
        self.refused(self.execute("DELETE FROM audit_seal"))
        self.refused(self.execute(f"DELETE FROM audit_event WHERE id = {self.event.pk}"))  # noqa: S608

    def test_insert_over_a_row_is_refused(self):
        columns = "at, actor_kind, actor_id, actor_name, principal, origin, verb, subject_kind, subject_key"
        values = "'2026-11-22', 'USER', '7', 'x', '', 'WEB', 'a.b', '', ''"
        more, rest = "subject_label, before_digest, after_digest, reason, facts", "'', '', '', 'x', '{}'"
        if connection.vendor == "sqlite":
            statement = f"INSERT OR REPLACE INTO audit_event (id, {columns}, {more})"
            statement += f" VALUES ({self.event.pk}, {values}, {rest})"
        else:
            statement = f"INSERT INTO audit_event (id, recorded_at, {columns}, {more})"
            statement += f" VALUES ({self.event.pk}, now(), {values}, {rest})"
            statement += " ON CONFLICT (id) DO UPDATE SET reason = 'x'"
        self.refused(self.execute(statement))

    def test_truncate_is_refused(self):
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has no TRUNCATE")
        connection.check_constraints()  # settles what is deferred, or TRUNCATE fails before it meets the trigger
        self.refused(self.execute("TRUNCATE audit_event CASCADE"))
        self.refused(self.execute("TRUNCATE audit_seal"))

    def test_both_tables_are_guarded(self):
        self.assertLessEqual({"audit_event", "audit_seal"}, audit.tables_to_guard())
        self.assertLessEqual({"audit_event", "audit_seal"}, audit.guarded_tables())

    def test_lifting_puts_the_guards_back(self):
        before = audit.guarded_tables()
        with audit.lifted_triggers():
            self.assertEqual(audit.guarded_tables(), set())
        self.assertEqual(audit.guarded_tables(), before)
        self.refused(lambda: Event.objects.update(reason="x"))
