"""Checkpoints: the heads of the chains, written where the database's owner cannot rewrite them.

Without one, a chain detects clumsy edits only: whoever owns the database can lift the triggers and build it anew.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from .models import ChainHead, Checkpoint
from .verification import chain_name


def export_checkpoint(now: datetime) -> int:
    """Append the head of every chain that grew since its last export to the file, and say how many lines that were.

    The lines are on the disk when this returns. A crash between file and row writes the line once more next time, which
    harms nobody. Raises OSError when the file cannot be written.
    """
    exported = dict(Checkpoint.objects.values_list("chain").annotate(Max("seq")))
    heads = [head for head in ChainHead.objects.order_by("chain") if head.seq > exported.get(head.chain, 0)]
    if heads:
        _append(Path(settings.KEZHAN_CHECKPOINT_FILE), [_line(head, now) for head in heads])
        Checkpoint.objects.bulk_create(
            [Checkpoint(chain=head.chain, seq=head.seq, hash=head.hash, exported_at=now) for head in heads]
        )
    return len(heads)


def checkpoint_line(group: object) -> str:
    """The head of a group's chain for the night audit to print: paper is outside the database too."""
    head = ChainHead.objects.filter(pk=getattr(group, "pk", group), seq__gt=0).first()
    if head is None:
        return _("审计链：尚无封存记录")
    return _("审计链 %(chain)s 第 %(seq)d 条 %(hash)s") % {
        "chain": chain_name(head.chain),
        "seq": head.seq,
        "hash": head.hash,
    }


def last_checkpoint(chain: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(chain=chain).order_by("-seq").first()


def _line(head: ChainHead, now: datetime) -> str:
    body = {
        "chain": chain_name(head.chain),
        "seq": head.seq,
        "hash": head.hash,
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return json.dumps(body, ensure_ascii=False)


def _append(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line}\n" for line in lines)
    with path.open("ab") as out:
        if out.tell() and not _ends_with_newline(path):
            text = "\n" + text  # a crash tore the last line: leave it, begin a new one
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as done:
        done.seek(-1, os.SEEK_END)
        return done.read(1) == b"\n"
