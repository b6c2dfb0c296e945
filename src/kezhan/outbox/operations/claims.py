"""The lease on a row: taken, kept alive, given back. Every change is fenced by worker and attempt, so that a process that
was cut off and comes back late cannot overwrite what its successor did.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from ..choices import TaskState
from ..handlers import handled_names
from ..models import Task
from ..rules import back_off

LEASE = timedelta(seconds=60)


def something_is_due(*, now: datetime) -> bool:
    """A plain read, so that an idle worker does not take SQLite's write lock at every look."""
    return Task.objects.due(now).filter(name__in=handled_names()).exists()


@transaction.atomic
def claim(*, worker: str, now: datetime, lease: timedelta = LEASE) -> Task | None:
    """Take the next due row. The attempt counts from here, so a job that kills its worker is not tried for ever."""
    rows = Task.objects.due(now).filter(name__in=handled_names()).order_by("-priority", "run_after", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    task = rows.first()
    if task is None:
        return None
    task.state, task.worker, task.attempts = TaskState.RUNNING, worker, task.attempts + 1
    task.leased_until = now + lease
    task.save(update_fields=["state", "worker", "attempts", "leased_until"])
    return task


def renew(task: Task, *, now: datetime, lease: timedelta = LEASE) -> bool:
    """Keep the lease of a job that is still running. False when somebody else has the row by now."""
    return _held(task).update(leased_until=now + lease) == 1


def finish(task: Task, *, now: datetime) -> bool:
    """Done. False when the lease was lost and the row belongs to another attempt."""
    return _held(task).update(state=TaskState.DONE, finished_at=now, leased_until=None, last_error="") == 1


def give_back(task: Task, *, now: datetime, error: str) -> bool:
    """Failed: due again after the back-off, or DEAD when its attempts are used up."""
    if task.attempts >= task.max_attempts:
        return (
            _held(task).update(state=TaskState.DEAD, finished_at=now, leased_until=None, last_error=error)
            == 1
        )
    later = now + back_off(task.attempts)
    return (
        _held(task).update(state=TaskState.READY, run_after=later, leased_until=None, last_error=error) == 1
    )


def take_back_abandoned(*, now: datetime) -> int:
    """Rows of killed workers: due at once, or DEAD when their attempts are used up. Returns how many."""
    if not Task.objects.abandoned(now).exists():
        return 0
    with transaction.atomic():
        lost = Task.objects.abandoned(now)
        error = "worker lost"
        dead = lost.filter(attempts__gte=F("max_attempts")).update(
            state=TaskState.DEAD, finished_at=now, leased_until=None, last_error=error
        )
        again = lost.filter(attempts__lt=F("max_attempts")).update(
            state=TaskState.READY, run_after=now, leased_until=None, last_error=error
        )
    return dead + again


def _held(task: Task):
    return Task.objects.running().filter(pk=task.pk, worker=task.worker, attempts=task.attempts)
