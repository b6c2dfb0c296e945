"""Throwing away what nobody asks for any more, a little at a time, so that the desk never waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from .. import handlers
from ..choices import TaskState
from ..models import IdempotentAnswer, Task
from .calls import forget_calls

DONE_KEPT = timedelta(days=7)
# A job that comes every few seconds would fill the table with nothing to read.
FREQUENT_DONE_KEPT = timedelta(hours=1)
DEAD_KEPT = timedelta(days=180)
BATCH = 500


def purge(*, now: datetime) -> int:
    """Delete old finished rows and expired answers; returns how many. A key may then be used again."""
    done = Task.objects.filter(state=TaskState.DONE)
    frequent = [plan.handler for _, plan in handlers.SCHEDULES if plan.every_seconds]
    return (
        _delete(done.filter(finished_at__lt=now - FREQUENT_DONE_KEPT, name__in=frequent))
        + _delete(done.filter(finished_at__lt=now - DONE_KEPT))
        + _delete(Task.objects.dead().filter(finished_at__lt=now - DEAD_KEPT))
        + _delete(IdempotentAnswer.objects.filter(expires_at__lte=now))
        + forget_calls(int(now.timestamp() // 60))
    )


def _delete(rows: QuerySet) -> int:
    total = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        total += rows.model.objects.filter(pk__in=keys).delete()[0]
    return total
