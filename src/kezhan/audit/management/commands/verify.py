"""Verify what the product promises to be unchanged."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kezhan.audit.choices import Verdict
from kezhan.audit.verification import Point, UnreadableCheckpoint, Verification, points_of_file, verify


class Command(BaseCommand):
    help = (
        "verify audit: recompute every seal of the audit trail and compare the exported checkpoints. "
        "Prints ok, content_changed, link_broken, gap or checkpoint_mismatch; exit code 0 only for ok. Run it nightly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["audit"])
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--checkpoint", metavar="FILE", help="checkpoint file (default: the configured one)"
        )
        parser.add_argument(
            "--expect",
            metavar="CHAIN:SEQ:HASH",
            action="append",
            default=[],
            help="a link as printed by a night audit",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["checkpoint"] or settings.KEZHAN_CHECKPOINT_FILE)
        if options["checkpoint"] and not path.exists():
            raise CommandError(f"no such checkpoint file: {path}", returncode=2)
        printed = [_point(text) for text in options["expect"]]
        exported = points_of_file(path) if path.exists() else iter(())
        try:
            result = verify(chain(exported, printed))
        except UnreadableCheckpoint as error:
            raise CommandError(f"checkpoint file cannot be read at {error}", returncode=2) from error
        self.stdout.write(
            json.dumps(result.as_json(), ensure_ascii=False) if options["json"] else _text(result)
        )
        if result.verdict != Verdict.OK:
            raise SystemExit(1)


def _point(text: str) -> Point:
    code, seq, digest = (text.split(":") + ["", ""])[:3]
    if not seq.isdigit() or len(digest) != 64:
        raise CommandError(f"not CHAIN:SEQ:HASH: {text}", returncode=2)
    return Point(code, int(seq), digest)


def _text(result: Verification) -> str:
    lines = [
        result.verdict.value,
        f"chains {result.chains}, seals {result.seals}, checkpoints {result.checkpoints}, unsealed {result.unsealed}",
    ]
    if result.verdict == Verdict.OK and not result.checkpoints:
        lines.append("no exported checkpoint: only clumsy edits would have been detected")
    lines += [f"{f.verdict.value}: {f.chain} {f.seq}: {f.detail}" for f in result.findings]
    return "\n".join(lines)
