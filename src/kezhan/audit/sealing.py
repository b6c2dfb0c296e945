"""Sealing: committed events are chained afterwards, in rows of their own, so that no booking waits for another's link.

PostgreSQL commits out of the order of ids: event 11 may be visible while 10 is still in somebody's open transaction. So
"greater than the last sealed" would lose 10 for ever. The sealer looks again at everything above a *settled* event: one
below which nothing can appear any more. An event is settled when every transaction that was open at the moment we saw
it has ended, which PostgreSQL's list of sessions tells exactly; SQLite has one writer and its ids follow its commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from kezhan.core.locking import lock_row, lock_rows

from .models import SEALED_FIELDS, ChainHead, Event, Seal, SealerMark
from .rules import ALGORITHM, GENESIS, seal_hash

BATCH = 2000
LAG_COUNTED_TO = 10_000
_GROUP = SEALED_FIELDS.index("group_id")


class Lag(NamedTuple):
    """How far the seals are behind: events waiting (counted up to 10,000) and the age of the oldest."""

    events: int
    age: timedelta


@transaction.atomic
def seal_pending(*, now: datetime, limit: int = BATCH) -> int:
    """Seal up to `limit` committed events that have no seal yet, and say how many. Less than `limit`: all are sealed.

    Safe to run anywhere at any time: a second sealer waits for the first and finds the rest.
    """
    mark = _lock_mark()
    all_ended = _transactions_ended(mark)  # asked before the events are read: what ended is then visible
    rows = _unsealed(mark.settled_event)[:limit].values_list("pk", *SEALED_FIELDS)
    events = list(rows)
    _seal(events, now)
    if len(events) < limit:
        _move(mark, all_ended)
    return len(events)


def sealing_lag(now: datetime) -> Lag:
    """What still waits for a seal. Zero events and no age when everything is sealed."""
    mark = SealerMark.objects.first()
    waiting = _unsealed(mark.settled_event if mark else 0)
    oldest = waiting.values_list("recorded_at", flat=True).first()
    if oldest is None:
        return Lag(0, timedelta())
    return Lag(waiting.order_by()[:LAG_COUNTED_TO].count(), max(now - oldest, timedelta()))


def _unsealed(above: int) -> Any:
    return Event.objects.filter(pk__gt=above, seal__isnull=True).order_by("pk")


def _lock_mark() -> SealerMark:
    SealerMark.objects.bulk_create([SealerMark(pk=1)], ignore_conflicts=True)
    return lock_row(SealerMark.objects.filter(pk=1))


def _seal(events: Sequence[tuple], now: datetime) -> None:
    heads = _lock_heads({event[_GROUP + 1] or 0 for event in events})
    seals = []
    for event_id, *content in events:
        head = heads[content[_GROUP] or 0]
        seq = head.seq + 1
        digest = seal_hash(head.chain, seq, head.hash, content)
        seals.append(
            Seal(
                chain=head.chain,
                seq=seq,
                event_id=event_id,
                algorithm=ALGORITHM,
                prev_hash=head.hash,
                hash=digest,
                sealed_at=now,
            )  # fmt: skip
        )
        head.seq, head.hash, head.sealed_at = seq, digest, now
    Seal.objects.bulk_create(seals, batch_size=BATCH)
    ChainHead.objects.bulk_update(heads.values(), ["seq", "hash", "sealed_at"], batch_size=200)


def _lock_heads(chains: set[int]) -> dict[int, ChainHead]:
    """The heads of the chains, locked in order; a new group's chain begins here, at genesis."""
    ChainHead.objects.bulk_create(
        [ChainHead(chain=chain, hash=GENESIS) for chain in sorted(chains)], ignore_conflicts=True
    )
    return {
        head.chain: head for head in lock_rows(ChainHead.objects.filter(chain__in=chains).order_by("chain"))
    }


def _transactions_ended(mark: SealerMark) -> bool:
    """Whether every transaction that was open when `watched_event` was seen has ended."""
    if connection.vendor != "postgresql":
        return True
    if mark.watched_at is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start <= %s"
            " AND backend_type IS DISTINCT FROM 'autovacuum worker')",
            [mark.watched_at],
        )
        return bool(cursor.fetchone()[0])


def _move(mark: SealerMark, all_ended: bool) -> None:
    """After a pass that left nothing visible unsealed: settle what was watched, and watch what is newest now."""
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if connection.vendor != "postgresql":
        mark.watched_event = newest
    before = (mark.settled_event, mark.watched_event)
    if all_ended:
        mark.settled_event = mark.watched_event
    if all_ended or mark.watched_at is None:
        mark.watched_event, mark.watched_at = newest, _database_clock()
    if connection.vendor != "postgresql" or (mark.settled_event, mark.watched_event) != before:
        mark.save()


def _database_clock() -> datetime | None:
    """The clock that also stamps the beginning of transactions."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
