"""Reads of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from . import handlers
from .choices import TaskState
from .models import Schedule, Task, Worker

ALIVE_FOR = timedelta(seconds=30)
SHOWN = 100
_ORDER = {
    TaskState.READY: ("-priority", "run_after", "id"),
    TaskState.RUNNING: ("leased_until", "id"),
    TaskState.DEAD: ("-finished_at", "-id"),
}


def alive(now: datetime) -> bool:
    """Whether a worker has given a heartbeat within the last half minute: what `/readyz` asks."""
    return Worker.objects.filter(kind="WORKER", beat_at__gte=now - ALIVE_FOR).exists()


def scheduler_alive(now: datetime) -> bool:
    return Worker.objects.filter(kind="SCHEDULER", beat_at__gte=now - ALIVE_FOR).exists()


@dataclass(frozen=True)
class Process:
    """A worker or the scheduler, as the administrator sees it."""

    row: Worker
    age: timedelta

    @property
    def is_alive(self) -> bool:
        return self.age <= ALIVE_FOR


@dataclass(frozen=True)
class Line:
    """A task with the words of its name."""

    task: Task
    words: Any
    is_kept: bool


def counts(group_id: int) -> dict[str, int]:
    """How many tasks wait, run and were given up, as far as this group sees them."""
    states = [state.value for state in _ORDER]
    rows = (
        Task.objects.seen_by_group(group_id)
        .filter(state__in=states)
        .values_list("state")
        .annotate(Count("pk"))
    )
    return {**dict.fromkeys(states, 0), **dict(rows.order_by())}


def lines(group_id: int, state: TaskState) -> list[Line]:
    """The first hundred tasks of a state: what runs next, what has run longest, what was given up last."""
    rows = Task.objects.seen_by_group(group_id).filter(state=state).order_by(*_ORDER[state])[:SHOWN]
    return [Line(task, handlers.words_of(task.name), task.name in handlers.WAITING) for task in rows]


def processes(now: datetime) -> list[Process]:
    return [
        Process(row, max(now - row.beat_at, timedelta())) for row in Worker.objects.order_by("kind", "name")
    ]


def schedules() -> list[tuple[Schedule, Any]]:
    """The schedules that have begun, with the words of what they start."""
    rows = {row.name: row for row in Schedule.objects.all()}
    return [
        (rows[name], handlers.words_of(plan.handler)) for name, plan in handlers.SCHEDULES if name in rows
    ]
