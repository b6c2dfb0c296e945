"""Writing work down, in the transaction that wants it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..handlers import is_known
from ..models import Task


def enqueue(
    name: str,
    *,
    key: str = "",
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
    now: datetime | None = None,
    priority: int = 0,
    max_attempts: int = 8,
    property_id: int | None = None,
    group_id: int | None = None,
) -> None:
    """Have `name`'s handler run after this transaction commits, at least once, not before `run_after`.

    A second row with the same `key` is a no-op, also after the first was done (until it is purged). Rows of higher
    `priority` go first. `payload` holds keys, codes and numbers, never personal data. Raises LookupError for a name that
    has neither a handler nor a declaration that one will come.
    """
    if not is_known(name):
        raise LookupError(f"outbox name {name!r} has no handler and is not declared as waiting")
    moment = now or timezone.now()
    task = Task(
        name=name,
        key=key or None,
        payload=dict(payload or {}),
        priority=priority,
        run_after=run_after or moment,
        max_attempts=max_attempts,
        property_id=property_id,
        group_id=group_id,
        created_at=moment,
    )
    if key:
        Task.objects.bulk_create([task], ignore_conflicts=True)
    else:
        task.save(force_insert=True)


@transaction.atomic
def enqueue_many(tasks: list[Task]) -> None:
    """A bulk step's rows in a few statements; the same rules as `enqueue`."""
    for name in {task.name for task in tasks}:
        if not is_known(name):
            raise LookupError(f"outbox name {name!r} has no handler and is not declared as waiting")
    Task.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=500)
