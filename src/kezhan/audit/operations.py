"""Writing the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from kezhan.core.actor import Actor
from kezhan.core.crypto import audit_digest
from kezhan.core.prepared import insert

from .models import Event
from .rules import canonical, clean_facts, clean_reason
from .tree import tree

_LABELS = ("number", "code", "key")


def prepare(
    verb: str,
    *,
    actor: Actor,
    subject: Model | None,
    at: datetime,
    property_id: int | None = None,
    group_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Event:
    """An event not written yet, for `record_many`. Arguments as for `record`."""
    if property_id is None:
        property_id = getattr(subject, "property_id", None)
    if group_id is None:
        group_id = _group_of(subject, property_id)
    return Event(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id[:64],
        actor_name=actor.name[:120],
        principal=actor.principal[:120],
        origin=actor.origin,
        verb=verb,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_key=str(subject.pk) if subject is not None else "",
        subject_label=_label(subject),
        property_id=property_id,
        group_id=group_id,
        before_digest=_digest(before),
        after_digest=_digest(after),
        reason=clean_reason(reason),
        facts=clean_facts(facts),
    )


def record(verb: str, **given: Any) -> Event:
    """Write one event in the running transaction: one INSERT and nothing else.

    `verb` is "app.past_tense"; property and group are taken from the subject when not given. `before` and `after` are
    kept as keyed digests only. `facts` holds codes, numbers and dates, never personal data; anything else raises
    FactNotAllowed, which is a mistake of the caller.
    """
    event = prepare(verb, **given)
    insert(event)
    return event


def record_many(events: Iterable[Event]) -> None:
    """Write prepared events, hundreds to a statement. For steps that touch many rows at once."""
    Event.objects.bulk_create(list(events), batch_size=500)


def _label(subject: Model | None) -> str:
    return next((str(label)[:64] for name in _LABELS if (label := getattr(subject, name, ""))), "")


def _digest(values: Mapping[str, Any] | None) -> str:
    return "" if values is None else audit_digest(canonical(dict(values)))


def _group_of(subject: Model | None, property_id: int | None) -> Any:
    """The group's id if at hand, otherwise an expression that finds it inside the INSERT."""
    group_id = getattr(subject, "group_id", None)
    if group_id is not None or property_id is None:
        return group_id
    known = subject._state.fields_cache.get("property") if subject is not None else None
    if known is not None and known.pk == property_id:
        return known.group_id
    return tree().group_of_property(property_id)
