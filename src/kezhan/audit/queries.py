"""Reading the trail."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Model, Q

from kezhan.core.crypto import CannotDecrypt, decrypt, encrypt

from .models import Event, EventQuerySet

PAGE = 50
EXPORTED = 50_000
_CURSOR = "audit.cursor"


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the trail: days in a zone, last day included; the other parts may be empty."""

    first: date
    last: date
    zone: str = "Asia/Shanghai"
    person: str = ""
    verb: str = ""
    subject: str = ""
    property_id: int | None = None


@dataclass(frozen=True)
class Page:
    events: list[Event]
    next_cursor: str


def events_of(subject: Model) -> EventQuerySet:
    """The history of one row, oldest first."""
    return Event.objects.of_subject(subject._meta.label_lower, str(subject.pk)).order_by("id")


def wanted_events(group_id: int, wanted: Wanted) -> EventQuerySet:
    """The group's events that fit, newest first. The days bound the scan; the other parts are looked for within."""
    found = Event.objects.of_group(group_id).newest_first()
    found = found.filter(at__gte=_midnight(wanted.first, wanted.zone))
    found = found.filter(at__lt=_midnight(wanted.last + timedelta(days=1), wanted.zone))
    if wanted.person:
        found = found.filter(actor_name__icontains=wanted.person)
    if wanted.verb:
        found = found.filter(verb__startswith=wanted.verb)
    if wanted.subject:
        found = found.filter(Q(subject_label__iexact=wanted.subject) | Q(subject_kind=wanted.subject))
    if wanted.property_id is not None:
        found = found.filter(property_id=wanted.property_id)
    return found


def page_of(events: EventQuerySet, cursor: str = "") -> Page:
    """Fifty events after the cursor; an unreadable cursor begins anew."""
    at, pk = _opened(cursor)
    if at is not None:
        events = events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(events[: PAGE + 1])
    more = len(rows) > PAGE
    return Page(rows[:PAGE], _sealed(rows[PAGE - 1]) if more else "")


def exported(events: EventQuerySet) -> Iterator[Event]:
    """At most fifty thousand, one at a time."""
    return events[:EXPORTED].iterator(chunk_size=1000)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _sealed(event: Event) -> str:
    """Where a page ends. Encrypted, because a key of a table does not leave the house."""
    place = json.dumps([event.at.isoformat(), event.pk])
    return base64.urlsafe_b64encode(encrypt(place, bound_to=_CURSOR)).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime | None, int]:
    if not cursor:
        return None, 0
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at, pk = json.loads(decrypt(raw, bound_to=_CURSOR))
    except (CannotDecrypt, ValueError):
        return None, 0
    return datetime.fromisoformat(at), int(pk)
