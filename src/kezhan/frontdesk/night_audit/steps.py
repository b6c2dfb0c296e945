"""The work of each step. A step is run inside its transaction with the business date locked, and may be run again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit_trail
from kezhan.billing import api as billing
from kezhan.core.actor import Actor
from kezhan.core.dates import ONE_DAY
from kezhan.core.money import ZERO
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.policy import api as policy
from kezhan.reservations import api as reservations

from .. import queries
from ..choices import StayStatus
from ..models import NightAudit, NightAuditReport, Stay
from ..rules import plain, report_digest
from .report import day_report


@dataclass(frozen=True)
class Night:
    """What every step is given: the house, the date being closed, its audit, who and when."""

    place: Any
    day: date
    audit: NightAudit
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Done:
    """How many subjects a step touched, and its figures as plain JSON."""

    count: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


def mark_no_shows(night: Night) -> Done:
    """Guests who did not come, where the house lets the audit decide."""
    if not policy.value("audit_marks_no_shows", property=night.place, on=night.day):
        return Done()
    rooms = list(queries.arrivals(night.place, night.day).values_list("pk", "booking__number", "position"))
    for pk, _number, _position in rooms:
        reservations.mark_no_show(booking_room_id=pk, actor=night.actor, now=night.now)
    return Done(len(rooms), {"bookings": [f"{number}/{position}" for _pk, number, position in rooms[:200]]})


def post_rooms(night: Night) -> Done:
    """The price agreed for this very night, once per room and night whatever happens."""
    rows = (
        Stay.objects.of(night.place)
        .filter(status=StayStatus.IN_HOUSE, booking_room__nights__date=night.day, folio__windows__number=1)
        .order_by("booking_room_id")
        .values_list(
            "booking_room_id", "room__number", "folio_id", "folio__windows__id", "booking_room__nights__price"
        )
    )
    lines = [
        billing.ChargeLine(
            folio_id=folio_id,
            window_id=window_id,
            amount=price,
            service_date=night.day,
            source_key=f"room:{booking_room_id}:{night.day.isoformat()}",
            text=number,
        )  # fmt: skip
        for booking_room_id, number, folio_id, window_id, price in rows
    ]
    posted = billing.post_room_charges(place=night.place, lines=lines, actor=night.actor, now=night.now)
    total: Decimal = sum((line.amount for line in lines), ZERO)
    return Done(posted, {"rooms": len(lines), "total": plain(total)})


def roll_room_status(night: Night) -> Done:
    """OC → OD, and tomorrow's cleaning of rooms whose guests stay on."""
    dirty = hotel.mark_occupied_rooms_dirty(place=night.place, actor=night.actor, now=night.now)
    tomorrow = night.day + ONE_DAY
    staying = Stay.objects.of(night.place).filter(status=StayStatus.IN_HOUSE, departure_date__gt=tomorrow)
    planned = housekeeping.plan_stayovers(
        place=night.place, room_ids=list(staying.values_list("room_id", flat=True)), business_date=tomorrow,
        actor=night.actor, now=night.now,
    )  # fmt: skip
    return Done(dirty, {"stayovers_planned": planned})


def close_ledgers(night: Night) -> Done:
    """Opening + activity = closing for the three ledgers, or the step fails."""
    days = billing.close_ledger_day(
        place=night.place, business_date=night.day, actor=night.actor, now=night.now
    )
    return Done(len(days), {day.ledger: plain(day.closing) for day in days})


def freeze_report(night: Night) -> Done:
    """The day's report, chained to the one before."""
    content = plain(day_report(night.place, night.day))
    earlier = NightAuditReport.objects.of(night.place).filter(business_date__lt=night.day)
    previous = earlier.order_by("-business_date").values_list("digest", flat=True).first() or ""
    report = NightAuditReport.objects.create(
        property=night.place, audit=night.audit, business_date=night.day, content=content,
        previous_digest=previous, digest=report_digest(content, previous), frozen_at=night.now,
    )  # fmt: skip
    return Done(1, {"digest": report.digest})


def roll_date(night: Night) -> Done:
    opened = hotel.roll_business_date(
        place=night.place, from_date=night.day, actor=night.actor, now=night.now
    )
    return Done(1, {"opened": opened.isoformat()})


def export_checkpoint(night: Night) -> Done:
    """The head of the trail's chain, to be kept outside the database."""
    lines = audit_trail.export_checkpoint(night.now)
    return Done(lines, {"line": audit_trail.checkpoint_line(night.place.group_id)})


# Key, words for the page, work.
IN_ORDER = (
    ("no_shows", _("未到"), mark_no_shows),
    ("post_rooms", _("过房费"), post_rooms),
    ("room_status", _("房态更新"), roll_room_status),
    ("close_ledgers", _("三账结账"), close_ledgers),
    ("freeze_report", _("报表冻结"), freeze_report),
    ("roll_date", _("营业日推进"), roll_date),
    ("checkpoint", _("审计链检查点"), export_checkpoint),
)
