"""Walking the chains: every seal is computed again from the stored event, link by link, in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from .choices import Verdict
from .models import SEALED_FIELDS, ChainHead, Event, Seal, SealerMark
from .rules import ALGORITHM, GENESIS, seal_hash
from .tree import tree

CHUNK = 2000
FINDINGS_KEPT = 100
INSTALLATION = "installation"
_ROW = ("seq", "algorithm", "prev_hash", "hash", *(f"event__{name}" for name in SEALED_FIELDS))
_SEVERITY = (Verdict.CONTENT_CHANGED, Verdict.LINK_BROKEN, Verdict.GAP, Verdict.CHECKPOINT_MISMATCH)


class Finding(NamedTuple):
    """What is wrong and where. `seq` is the link's number; 0 speaks of the chain as a whole."""

    verdict: Verdict
    chain: str
    seq: int
    detail: str


class Point(NamedTuple):
    """A link as someone outside the database remembers it."""

    chain: str
    seq: int
    hash: str


@dataclass
class Verification:
    """Counts, the first findings of each chain, and one verdict over all: the gravest."""

    seals: int = 0
    chains: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    counts: dict[Verdict, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, verdict: Verdict, chain: str, seq: int, detail: str) -> None:
        self.counts[verdict] = self.counts.get(verdict, 0) + 1
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(Finding(verdict, chain, seq, detail))

    @property
    def verdict(self) -> Verdict:
        return next((verdict for verdict in _SEVERITY if verdict in self.counts), Verdict.OK)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "chains": self.chains,
            "seals": self.seals,
            "checkpoints": self.checkpoints,
            "unsealed": self.unsealed,
            "counts": {verdict.value: number for verdict, number in self.counts.items()},
            "findings": [finding._asdict() | {"verdict": finding.verdict.value} for finding in self.findings],
        }


def verify(points: Iterable[Point] = ()) -> Verification:
    """Check every chain, and each remembered `point` against it. Reads only; may run while the house works."""
    result = Verification()
    for chain in _chains():
        result.chains += 1
        _walk(chain, result)
    _look_for_passed_over(result)
    for point in points:
        result.checkpoints += 1
        _compare(point, result)
    return result


def chain_name(chain: int) -> str:
    """What a chain is called outside: its group's code."""
    return (tree().code_of_group(chain) if chain else INSTALLATION) or f"#{chain}"


def _chains() -> list[int]:
    heads = ChainHead.objects.values_list("chain", flat=True)
    return sorted(set(heads) | set(Seal.objects.order_by().values_list("chain", flat=True).distinct()))


@dataclass
class _Walk:
    """Where the walk through one chain stands. After a gap the hash to expect is not known (None)."""

    chain: int
    name: str
    result: Verification
    seq: int = 0
    expected: str | None = GENESIS
    suspect: tuple[int, str] | None = None

    def step(self, row: tuple) -> None:
        seq, algorithm, prev_hash, stored, *content = row
        if seq != self.seq + 1:
            self._settle_suspect(None)
            self.result.add(
                Verdict.GAP, self.name, self.seq + 1, f"{seq - self.seq - 1} missing before {seq}"
            )
            self.expected = None
        self._settle_suspect(prev_hash)
        linked = self.expected is None or prev_hash == self.expected
        if not linked:
            self.result.add(Verdict.LINK_BROKEN, self.name, seq, "does not continue the link before it")
        computed = seal_hash(self.chain, seq, prev_hash, content)
        if algorithm != ALGORITHM:
            self.result.add(Verdict.LINK_BROKEN, self.name, seq, "names an unknown algorithm")
        elif computed != stored and (linked or self._as_expected(seq, content) != stored):
            self.suspect = (seq, computed)
        self.seq, self.expected = seq, stored
        self.result.seals += 1

    def _as_expected(self, seq: int, content: list) -> str:
        """The hash the seal would have, had it continued the link before it."""
        return seal_hash(self.chain, seq, self.expected or "", content)

    def _settle_suspect(self, next_prev: str | None) -> None:
        """A hash that does not fit its event: when the next link continues the computed one, the seal was altered, not
        the event.
        """
        if self.suspect is None:
            return
        seq, computed = self.suspect
        self.suspect = None
        if next_prev == computed:
            self.result.add(Verdict.LINK_BROKEN, self.name, seq, "the seal itself was altered")
            self.expected = computed
        else:
            self.result.add(Verdict.CONTENT_CHANGED, self.name, seq, "the event is not what was sealed")

    def finish(self, head: ChainHead | None) -> None:
        self._settle_suspect(head.hash if head else None)
        if head is None:
            self.result.add(Verdict.GAP, self.name, 0, "the chain has lost its head")
        elif head.seq > self.seq:
            self.result.add(Verdict.GAP, self.name, self.seq + 1, f"{head.seq - self.seq} missing at the end")
        elif head.hash != self.expected:
            self.result.add(Verdict.LINK_BROKEN, self.name, head.seq, "the head is not the last link")


def _walk(chain: int, result: Verification) -> None:
    head = ChainHead.objects.filter(pk=chain).first()
    walk = _Walk(chain, chain_name(chain), result)
    for row in _rows(chain, head.seq if head else None):
        walk.step(row)
    walk.finish(head)
    if head is not None and Seal.objects.filter(chain=chain, seq__gt=head.seq).exists():
        now = ChainHead.objects.filter(pk=chain).first()
        if now is not None and now.seq == head.seq:  # not the sealer at work meanwhile
            result.add(Verdict.LINK_BROKEN, walk.name, head.seq + 1, "links beyond the head")


def _rows(chain: int, last: int | None) -> Iterator[tuple]:
    """Links with their events, in order, a chunk at a time. A link whose event is gone is missing: a gap."""
    seals = Seal.objects.filter(chain=chain)
    if last is not None:
        seals = seals.filter(seq__lte=last)
    seq = -(2**62)
    while chunk := list(seals.filter(seq__gt=seq).order_by("seq").values_list(*_ROW)[:CHUNK]):
        yield from chunk
        seq = chunk[-1][0]


def _look_for_passed_over(result: Verification) -> None:
    """Events without a seal: the newest wait for the sealer; one it has passed was slipped in or lost its seal."""
    mark = SealerMark.objects.first()
    unsealed = Event.objects.filter(seal__isnull=True)
    settled = mark.settled_event if mark else 0
    result.unsealed = unsealed.count()
    for pk, chain in (
        unsealed.filter(pk__lte=settled).order_by("pk").values_list("pk", "group_id")[:FINDINGS_KEPT]
    ):
        result.add(
            Verdict.GAP,
            chain_name(chain or 0),
            0,
            f"event {pk} has no seal although the sealer has passed it",
        )


def _compare(point: Point, result: Verification) -> None:
    chain = 0 if point.chain == INSTALLATION else tree().group_of_code(point.chain)
    links = Seal.objects.filter(chain=chain, seq=point.seq) if chain is not None else Seal.objects.none()
    stored = links.values_list("hash", flat=True).first()
    if stored is None:
        result.add(
            Verdict.CHECKPOINT_MISMATCH, point.chain, point.seq, "the link of the checkpoint does not exist"
        )
    elif stored != point.hash:
        result.add(
            Verdict.CHECKPOINT_MISMATCH, point.chain, point.seq, "the link is not the one that was exported"
        )


class UnreadableCheckpoint(ValueError):
    """A line of the checkpoint file is not one of ours."""


def points_of_file(path: Path) -> Iterator[Point]:
    """The lines of a checkpoint file. A last line torn by a crash is passed over; any other bad line raises."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                body = json.loads(line)
                yield Point(str(body["chain"]), int(body["seq"]), str(body["hash"]))
            except (ValueError, KeyError, TypeError) as error:
                if not line.endswith("\n"):
                    return
                raise UnreadableCheckpoint(f"{path}:{number}") from error
