import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings

from kezhan.audit import api as audit
from kezhan.audit import verification
from kezhan.audit.models import SEALED_FIELDS, ChainHead, Checkpoint, Event, Seal, SealerMark
from kezhan.audit.rules import seal_hash
from kezhan.audit.sealing import seal_pending
from kezhan.audit.triggers import lifted_triggers
from kezhan.audit.verification import Point, verify
from kezhan.properties import api as properties

from .factories import CLERK, NOW, make_events


def seal_everything():
    while seal_pending(now=NOW):
        pass


def forge(statement, *values):
    """What an administrator with the database's password would do."""
    with lifted_triggers(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


class VerifyCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = properties.open_group(code="dahua", name="大华", actor=CLERK, now=NOW)
        make_events(9, group_id=cls.group.pk)
        make_events(4)
        seal_everything()

    def found(self, *points):
        result = verify(points)
        return result.verdict.value, [(f.verdict.value, f.chain, f.seq) for f in result.findings]

    def event_of(self, seq):
        return Seal.objects.get(chain=self.group.pk, seq=seq).event_id

    def point(self, seq):
        return Point("dahua", seq, Seal.objects.get(chain=self.group.pk, seq=seq).hash)


class VerdictTest(VerifyCase):
    def test_ok(self):
        result = verify([self.point(10), self.point(3)])
        self.assertEqual(result.verdict, audit.Verdict.OK)
        self.assertEqual((result.seals, result.chains, result.checkpoints, result.unsealed), (14, 2, 2, 0))

    def test_waiting_events_are_no_fault(self):
        make_events(2)
        result = verify()
        self.assertEqual((result.verdict, result.unsealed), (audit.Verdict.OK, 2))

    def test_every_sealed_field_counts(self):
        other = {
            "recorded_at": "2026-01-01 00:00:00+00:00", "at": "2026-01-01 00:00:00+00:00", "actor_kind": "SYSTEM",
            "property_id": 77, "facts": '{"n": 99}', "verb": "billing.unposted",
        }  # fmt: skip
        kept = Event.objects.get(pk=self.event_of(5))
        for name in SEALED_FIELDS:
            if name in ("group_id", "origin"):
                continue
            with self.subTest(field=name):
                value = other.get(name, "x")
                forge(f"UPDATE audit_event SET {name} = %s WHERE id = %s", value, self.event_of(5))  # noqa: S608
                self.assertEqual(self.found(), ("content_changed", [("content_changed", "dahua", 5)]))
                with lifted_triggers():
                    Event.objects.filter(pk=kept.pk).update(**{name: getattr(kept, name)})

    def test_one_event_rehashed_breaks_the_link(self):
        forge("UPDATE audit_event SET reason = 'x' WHERE id = %s", self.event_of(5))
        seal = Seal.objects.get(chain=self.group.pk, seq=5)
        content = Event.objects.values_list(*SEALED_FIELDS).get(pk=seal.event_id)
        forge(
            "UPDATE audit_seal SET hash = %s WHERE id = %s",
            seal_hash(seal.chain, 5, seal.prev_hash, content),
            seal.pk,
        )
        self.assertEqual(self.found(), ("link_broken", [("link_broken", "dahua", 6)]))

    def test_altered_seal(self):
        forge("UPDATE audit_seal SET hash = %s WHERE chain = %s AND seq = 5", "a" * 64, self.group.pk)
        self.assertEqual(self.found()[0], "link_broken")
        self.assertIn(("link_broken", "dahua", 5), self.found()[1])

    def test_altered_prev_hash(self):
        forge("UPDATE audit_seal SET prev_hash = %s WHERE chain = %s AND seq = 5", "a" * 64, self.group.pk)
        self.assertEqual(self.found(), ("link_broken", [("link_broken", "dahua", 5)]))

    def test_deleted_event(self):
        event = self.event_of(5)
        forge("DELETE FROM audit_seal WHERE event_id = %s", event)
        forge("DELETE FROM audit_event WHERE id = %s", event)
        self.assertEqual(self.found(), ("gap", [("gap", "dahua", 5)]))

    def test_deleted_seal_names_the_gap_and_the_bare_event(self):
        mark = SealerMark.objects.get()
        SealerMark.objects.update(settled_event=max(mark.settled_event, self.event_of(10)))
        forge("DELETE FROM audit_seal WHERE event_id = %s", self.event_of(5))
        self.assertEqual(self.found(), ("gap", [("gap", "dahua", 5), ("gap", "dahua", 0)]))

    def test_cut_tail(self):
        forge("DELETE FROM audit_seal WHERE chain = %s AND seq > 7", self.group.pk)
        verdict, findings = self.found()
        self.assertEqual((verdict, findings[0]), ("gap", ("gap", "dahua", 8)))

    def test_head_set_back(self):
        ChainHead.objects.filter(chain=self.group.pk).update(seq=7, hash=self.point(7).hash)
        self.assertEqual(self.found(), ("link_broken", [("link_broken", "dahua", 8)]))

    def test_two_events_exchanged(self):
        first, second = self.event_of(4), self.event_of(5)
        forge(
            "UPDATE audit_seal SET event_id = -1 WHERE event_id = %s", first
        ) if connection.vendor == "sqlite" else None
        if connection.vendor == "sqlite":
            forge("UPDATE audit_seal SET event_id = %s WHERE event_id = %s", first, second)
            forge("UPDATE audit_seal SET event_id = %s WHERE event_id = -1", second)
        else:
            forge("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_event_id_key")
            forge(
                "UPDATE audit_seal SET event_id = CASE event_id WHEN %s THEN %s ELSE %s END WHERE event_id IN (%s, %s)",
                first, second, first, first, second,
            )  # fmt: skip
        self.assertEqual(
            self.found(),
            ("content_changed", [("content_changed", "dahua", 4), ("content_changed", "dahua", 5)]),
        )

    def test_rebuilt_chain_is_found_by_the_checkpoint_alone(self):
        remembered = self.point(10)
        forge("UPDATE audit_event SET reason = 'x' WHERE id = %s", self.event_of(5))
        forge("DELETE FROM audit_seal")
        ChainHead.objects.all().delete()
        SealerMark.objects.all().delete()
        seal_everything()
        self.assertEqual(self.found(), ("ok", []))
        self.assertEqual(
            self.found(remembered), ("checkpoint_mismatch", [("checkpoint_mismatch", "dahua", 10)])
        )

    def test_a_checkpoint_beyond_the_chain(self):
        self.assertEqual(
            self.found(Point("dahua", 99, "a" * 64)),
            ("checkpoint_mismatch", [("checkpoint_mismatch", "dahua", 99)]),
        )
        self.assertEqual(self.found(Point("nobody", 1, "a" * 64))[0], "checkpoint_mismatch")

    def test_a_chain_is_read_a_chunk_at_a_time(self):
        with mock.patch.object(verification, "CHUNK", 3):
            self.assertEqual(self.found(), ("ok", []))
            self.assertEqual(verify().seals, 14)


class CheckpointTest(VerifyCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "outside" / "checkpoints.jsonl"
        setting = override_settings(KEZHAN_CHECKPOINT_FILE=str(self.path))
        setting.enable()
        self.addCleanup(setting.disable)

    def command(self, *options):
        out = StringIO()
        code = 0
        try:
            call_command("verify", "audit", *options, stdout=out)
        except SystemExit as leaving:
            code = leaving.code
        return code, out.getvalue()

    def test_lines_are_appended_only_when_a_chain_grew(self):
        self.assertEqual(audit.export_checkpoint(NOW), 2)
        self.assertEqual(audit.export_checkpoint(NOW), 0)
        make_events(1)
        seal_everything()
        self.assertEqual(audit.export_checkpoint(NOW), 1)
        lines = [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(
            [(line["chain"], line["seq"]) for line in lines],
            [("installation", 4), ("dahua", 10), ("installation", 5)],
        )
        self.assertEqual(lines[1]["hash"], self.point(10).hash)
        self.assertEqual(lines[1]["at"], "2026-11-22T04:00:00+00:00")
        self.assertEqual(Checkpoint.objects.count(), 3)

    def test_command_says_ok(self):
        call_command("audit_checkpoint", stdout=StringIO())
        code, text = self.command("--json")
        body = json.loads(text)
        self.assertEqual((code, body["verdict"], body["checkpoints"], body["seals"]), (0, "ok", 2, 14))

    def test_command_is_honest_without_a_checkpoint(self):
        self.assertIn("only clumsy edits", self.command()[1])

    def test_command_names_what_it_finds(self):
        audit.export_checkpoint(NOW)
        forge("UPDATE audit_event SET reason = 'x' WHERE id = %s", self.event_of(5))
        code, text = self.command()
        self.assertEqual((code, text.splitlines()[0]), (1, "content_changed"))
        self.assertIn("content_changed: dahua 5", text)

    def test_a_printed_line_can_be_checked(self):
        self.assertEqual(audit.checkpoint_line(self.group), f"审计链 dahua 第 10 条 {self.point(10).hash}")
        self.assertEqual(self.command("--expect", f"dahua:10:{self.point(10).hash}")[0], 0)
        code, text = self.command("--expect", f"dahua:10:{'b' * 64}", "--json")
        self.assertEqual((code, json.loads(text)["verdict"]), (1, "checkpoint_mismatch"))

    def test_a_torn_last_line_is_passed_over_and_not_continued(self):
        audit.export_checkpoint(NOW)
        with self.path.open("a") as out:
            out.write('{"chain": "dahua", "se')
        self.assertEqual(self.command()[0], 0)
        make_events(1)
        seal_everything()
        audit.export_checkpoint(NOW)
        self.assertEqual(json.loads(self.path.read_text().splitlines()[-1])["seq"], 5)

    def test_an_unreadable_file_is_no_ok(self):
        audit.export_checkpoint(NOW)
        self.path.write_text("nonsense\n" + self.path.read_text())
        with self.assertRaises(CommandError):
            self.command()
        with self.assertRaises(CommandError):
            self.command("--checkpoint", str(self.path) + ".missing")
