"""Running the night audit: every step is one transaction that commits with its row, so that it can be killed anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.hotel import api as hotel
from kezhan.properties.api import local_date

from .. import refusals
from ..choices import AuditStatus
from ..models import NightAudit, NightAuditStep
from . import steps
from .blockers import blockers


@dataclass(frozen=True)
class Step:
    key: str
    label: Any
    work: Callable[[steps.Night], steps.Done]


STEPS: tuple[Step, ...] = tuple(Step(key, label, work) for key, label, work in steps.IN_ORDER)


def run(
    *,
    place: Any,
    business_date: date,
    actor: Actor,
    now: datetime,
    on_step: Callable[[str], None] | None = None,
) -> NightAudit:
    """Close a business date and open the next. Begun but not finished, it goes on behind its last step; finished, it does
    nothing. Two people at once: both wait step by step for the same work, which is done once; `started_by` names who began.

    `on_step` is told each step's key after it is committed. Raises NotTheOpenDate, TooEarlyToAudit, AuditBlocked.
    """
    night_audit = _begin(place, business_date, actor, now)
    if night_audit.status == AuditStatus.DONE:
        return night_audit
    night = steps.Night(place, business_date, night_audit, actor, now)
    for step in STEPS:
        _do(step, night)
        if on_step is not None:
            on_step(step.key)
    night_audit.refresh_from_db()
    return night_audit


@operation
def _begin(place: Any, business_date: date, actor: Actor, now: datetime) -> NightAudit:
    """The audit of that date, made if its turn has come. From here on the desk waits until it is done."""
    open_date = hotel.lock_business_date(place.pk)
    known = NightAudit.objects.of(place).filter(business_date=business_date).first()
    if known is not None:
        return known
    if business_date != open_date:
        raise refusals.NotTheOpenDate(asked=business_date, business_date=open_date)
    today = local_date(place, now)
    if business_date > today:
        raise refusals.TooEarlyToAudit(business_date=business_date, today=today)
    blocking = [blocker for blocker in blockers(place) if blocker.blocks]
    if blocking:
        raise refusals.AuditBlocked(count=len(blocking))
    night_audit = NightAudit.objects.create(
        property=place, business_date=business_date, started_at=now, started_by=actor.name[:80]
    )
    audit.record(
        "frontdesk.night_audit_started", actor=actor, subject=night_audit, at=now,
        facts={"business_date": business_date},
    )  # fmt: skip
    return night_audit


@operation
def _do(step: Step, night: steps.Night) -> None:
    """One step, once: whoever comes second waits for the lock and finds it done."""
    hotel.lock_business_date(night.place.pk)
    row = lock_row(NightAudit.objects.filter(pk=night.audit.pk))
    if NightAuditStep.objects.filter(audit=row, key=step.key).exists():
        return
    done = step.work(night)
    NightAuditStep.objects.create(
        property=night.place, audit=row, key=step.key, done_at=night.now, count=done.count, facts=done.facts
    )
    if step is STEPS[-1]:
        _finish(row, night)


def _finish(row: NightAudit, night: steps.Night) -> None:
    row.status, row.finished_at = AuditStatus.DONE, night.now
    row.save(update_fields=["status", "finished_at"])
    audit.record(
        "frontdesk.night_audit_finished", actor=night.actor, subject=row, at=night.now,
        facts={"business_date": night.day},
    )  # fmt: skip


def steps_of(night_audit: NightAudit | None) -> list[tuple[Step, NightAuditStep | None]]:
    """Every step with its row, or None while it is still to come; for the page."""
    rows = {} if night_audit is None else {row.key: row for row in night_audit.steps.all()}
    return [(step, rows.get(step.key)) for step in STEPS]
