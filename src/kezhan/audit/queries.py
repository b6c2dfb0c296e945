"""Reading the trail."""

from __future__ import annotations

from django.db.models import Model

from .models import Event, EventQuerySet


def events_of(subject: Model) -> EventQuerySet:
    """The history of one row, oldest first."""
    return Event.objects.of_subject(subject._meta.label_lower, str(subject.pk)).order_by("id")
