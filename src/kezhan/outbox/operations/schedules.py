"""Turning slots of schedules into rows of work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from .. import handlers
from ..choices import TaskState
from ..models import Schedule, Task
from ..rules import latest_slot, slot_key
from .enqueue import enqueue


def enqueue_due(*, now: datetime) -> int:
    """Enqueue every schedule whose slot has come; returns how many.

    Of slots missed while nothing ran only the latest is made up for. A slot whose predecessor still waits or runs is left
    until that one ends, so that a stopped worker finds one row, not a thousand. Two schedulers do no harm: the remembered
    slot moves once, and the key is unique.
    """
    rows = {row.name: row for row in Schedule.objects.all()}
    return sum(_enqueue_one(plan, rows.get(name), now) for name, plan in handlers.SCHEDULES)


def _enqueue_one(plan: handlers.Schedule, row: Schedule | None, now: datetime) -> int:
    slot = latest_slot(now, cron=plan.cron, every_seconds=plan.every_seconds, zone=plan.zone)
    if row is None:
        # A schedule that is new begins with its next slot: nobody asked for the one before it was installed.
        new = Schedule(name=plan.name, rhythm=plan.rhythm, last_slot_at=slot)
        Schedule.objects.bulk_create([new], ignore_conflicts=True)
        return 0
    if row.last_slot_at >= slot or _is_open(slot_key(plan.name, row.last_slot_at)):
        return 0
    with transaction.atomic():
        moved = Schedule.objects.filter(pk=row.pk, last_slot_at__lt=slot).update(
            last_slot_at=slot, enqueued_at=now, rhythm=plan.rhythm
        )
        if moved:
            enqueue(
                plan.handler, key=slot_key(plan.name, slot), payload=plan.payload, run_after=slot, now=now
            )
    return moved


def _is_open(key: str) -> bool:
    return Task.objects.filter(key=key, state__in=[TaskState.READY, TaskState.RUNNING]).exists()
