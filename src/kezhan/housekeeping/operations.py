"""Cleaning: planned, started, finished, inspected. The status of the room follows the task, never the other way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from . import refusals
from .choices import CleaningKind, CleaningStatus
from .models import CleaningTask
from .rules import OPEN, STEPS, cleaner_key, passes, step_is_allowed

# What a step may change of a task.
_CHANGING = (
    "kind", "business_date", "status", "urgent", "attendant", "started_at", "finished_at", "inspected_at", "cleaned_by",
    "cleaner_key", "inspected_by", "score", "remark",
)  # fmt: skip
STEP_WORDS: dict[str, Any] = {
    "start": _("开始清洁"),
    "finish": _("清洁完成"),
    "inspect": _("检查"),
    "reset": _("重新安排"),
    "skip": _("跳过"),
}


@operation
def plan_cleaning(
    *,
    room_id: int,
    property_id: int,
    kind: str,
    business_date: date,
    actor: Actor,
    now: datetime,
    urgent: bool = False,
) -> CleaningTask:
    """Have a room cleaned. Where a task is open already it is kept: a departure turns it into a cleaning after
    departure, to be done from the beginning. Safe to repeat.
    """
    room = hotel.lock_room(room_id, property_id)
    task = CleaningTask.objects.filter(room_id=room_id, status__in=OPEN).first()
    if task is None:
        task = CleaningTask(
            property_id=property_id, room=room, business_date=business_date, kind=kind, planned_at=now
        )
    elif kind == CleaningKind.DEPARTURE and task.kind != kind:
        task.kind, task.business_date = kind, business_date
        _begin_anew(task)
    elif task.urgent or not urgent:
        return task
    task.urgent = task.urgent or urgent
    if task.pk is None:
        insert(task)
    else:
        update(task, *_CHANGING)
    _record("housekeeping.cleaning_planned", task, room, actor, now)
    return task


@operation
def plan_stayovers(
    *, place: Any, room_ids: Sequence[int], business_date: date, actor: Actor, now: datetime
) -> int:
    """Plan the daily cleaning of rooms that stay occupied, in bulk; rooms with an open task keep theirs.

    Returns how many were planned. One event for all.
    """
    busy = set(CleaningTask.objects.of(place).filter(status__in=OPEN).values_list("room_id", flat=True))
    tasks = [
        CleaningTask(
            property=place,
            room_id=room_id,
            business_date=business_date,
            kind=CleaningKind.STAYOVER,
            planned_at=now,
        )
        for room_id in room_ids
        if room_id not in busy
    ]
    CleaningTask.objects.bulk_create(tasks, batch_size=500)
    if tasks:
        audit.record(
            "housekeeping.stayovers_planned", actor=actor, subject=place, at=now, property_id=place.pk,
            group_id=place.group_id, facts={"business_date": business_date, "rooms": len(tasks)},
        )  # fmt: skip
    return len(tasks)


@operation
def start_cleaning(*, task_id: int, actor: Actor, now: datetime) -> CleaningTask:
    """An attendant goes in. Raises StepNotNow."""
    task, room = _lock(task_id, "start")
    task.status, task.started_at, task.finished_at = CleaningStatus.CLEANING, now, None
    task.attendant_id = int(actor.id) if actor.kind == "USER" else None
    update(task, *_CHANGING)
    _record("housekeeping.cleaning_started", task, room, actor, now)
    return task


@operation
def finish_cleaning(*, task_id: int, actor: Actor, now: datetime) -> CleaningTask:
    """The room is clean: VD → VC, OD → OC. Raises StepNotNow."""
    task, room = _lock(task_id, "finish")
    task.status, task.finished_at = CleaningStatus.CLEANED, now
    task.cleaned_by, task.cleaner_key = actor.name[:80], cleaner_key(actor)
    update(task, *_CHANGING)
    hotel.set_room_status(room=room, cleanliness=hotel.Cleanliness.CLEAN, actor=actor, now=now)
    _record("housekeeping.cleaning_finished", task, room, actor, now)
    return task


@operation
def inspect(
    *, task_id: int, passed: bool, score: int, actor: Actor, now: datetime, remark: str = ""
) -> CleaningTask:
    """A second person judges: at or above the pass score the room is VI 空净已查, otherwise it goes back to be cleaned.

    Raises StepNotNow, SameInspector, ScoreTooLow.
    """
    task, room = _lock(task_id, "inspect")
    _judge(task, room, passed, score, actor)
    task.status = CleaningStatus.PASSED if passed else CleaningStatus.FAILED
    task.inspected_at, task.inspected_by = now, actor.name[:80]
    task.score, task.remark = score, remark.strip()[:200]
    update(task, *_CHANGING)
    result = hotel.Cleanliness.INSPECTED if passed else hotel.Cleanliness.DIRTY
    hotel.set_room_status(room=room, cleanliness=result, actor=actor, now=now)
    _record("housekeeping.cleaning_inspected", task, room, actor, now, reason=task.remark, score=score)
    return task


def _judge(task: CleaningTask, room: hotel.Room, passed: bool, score: int, actor: Actor) -> None:
    place, day = task.property, task.business_date
    if policy.value(
        "inspection_by_second_person", property=place, on=day
    ) and task.cleaner_key == cleaner_key(actor):
        raise refusals.SameInspector(room=room.number)
    pass_score = policy.value("hygiene_pass_score", property=place, on=day)
    if passed and not passes(score, pass_score):
        raise refusals.ScoreTooLow(score=score, pass_score=pass_score)


@operation
def reset_task(*, task_id: int, reason: str, actor: Actor, now: datetime) -> CleaningTask:
    """A supervisor puts a stuck task back to its beginning, the room dirty again. Raises StepNotNow, ReasonMissing."""
    task, room = _lock(task_id, "reset")
    reason = _reason(reason)
    _begin_anew(task)
    update(task, *_CHANGING)
    hotel.set_room_status(room=room, cleanliness=hotel.Cleanliness.DIRTY, actor=actor, now=now, reason=reason)
    _record("housekeeping.cleaning_reset", task, room, actor, now, reason=reason)
    return task


@operation
def skip_task(*, task_id: int, reason: str, actor: Actor, now: datetime) -> CleaningTask:
    """Leave a lived-in room for today, e.g. for DND. Raises StepNotNow, ReasonMissing, DepartureIsCleaned."""
    task, room = _lock(task_id, "skip")
    if task.kind == CleaningKind.DEPARTURE:
        raise refusals.DepartureIsCleaned(room=room.number)
    return _close_unclean(task, room, _reason(reason), actor, now)


@operation
def withdraw_cleaning(
    *, room_id: int, property_id: int, reason: str, actor: Actor, now: datetime
) -> CleaningTask | None:
    """Take back the open task of a room, whatever its state: the departure behind it was undone."""
    room = hotel.lock_room(room_id, property_id)
    task = CleaningTask.objects.filter(room_id=room_id, status__in=OPEN).first()
    return None if task is None else _close_unclean(task, room, _reason(reason), actor, now)


def _close_unclean(
    task: CleaningTask, room: hotel.Room, reason: str, actor: Actor, now: datetime
) -> CleaningTask:
    task.status, task.remark = CleaningStatus.SKIPPED, reason[:200]
    update(task, "status", "remark")
    _record("housekeeping.cleaning_skipped", task, room, actor, now, reason=reason)
    return task


@operation
def override_room_status(
    *, room_id: int, property_id: int, cleanliness: str, reason: str, actor: Actor, now: datetime
) -> hotel.Room:
    """Set what housekeeping says of a room outside the cleaning steps, with a reason (S-3.2(5)). An open task stays."""
    room = hotel.lock_room(room_id, property_id)
    return hotel.set_room_status(
        room=room, cleanliness=cleanliness, actor=actor, now=now, reason=_reason(reason)
    )


def _lock(task_id: int, step: str) -> tuple[CleaningTask, hotel.Room]:
    """The task and its room, locked room first as everybody does who comes from the room. Raises StepNotNow."""
    known = CleaningTask.objects.filter(pk=task_id).values_list("room_id", "property_id").first()
    room = hotel.lock_room(*(known or (0, 0)))
    task = lock_row(CleaningTask.objects.filter(pk=task_id).select_related("property"))
    if not step_is_allowed(step, task.status):
        steps = "、".join(
            str(STEP_WORDS[name]) for name in STEPS if step_is_allowed(name, task.status)
        )  # no-translate: a comma
        raise refusals.StepNotNow(
            room=room.number, status=task.get_status_display(), step=STEP_WORDS[step], steps=steps or "–"
        )
    return task, room


def _begin_anew(task: CleaningTask) -> None:
    task.status, task.attendant = CleaningStatus.PLANNED, None
    task.started_at = task.finished_at = task.inspected_at = None
    task.cleaned_by = task.cleaner_key = task.inspected_by = ""
    task.score = None


def _reason(reason: str) -> str:
    if not reason.strip():
        raise refusals.ReasonMissing()
    return reason.strip()


def _record(
    verb: str,
    task: CleaningTask,
    room: hotel.Room,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **facts: Any,
) -> None:
    facts = {"room": room.number, "kind": task.kind, "status": task.status, **facts}
    audit.record(verb, actor=actor, subject=task, at=now, reason=reason, facts=facts)
