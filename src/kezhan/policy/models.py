"""Values a house gave to parameters, and the row that tells every process that they changed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from kezhan.properties import api as properties

from .choices import Scope


class ParameterValueQuerySet(properties.GroupQuerySet):
    def concerning(self, place: properties.Property | None) -> Self:
        """What a reader at a property needs: the group's values, the property's own, those of its departments."""
        wanted = Q(scope=Scope.GROUP)
        if place is not None:
            code = place.code
            wanted |= Q(scope=Scope.PROPERTY, scope_key=code)
            wanted |= Q(scope=Scope.DEPARTMENT, scope_key__startswith=f"{code}/")
        return self.filter(wanted)


class ParameterValue(properties.OfGroup):
    """A value from a business date on, until a later date's value. Never changed: the next revision supersedes it.

    `scope_key` is "" for the group, the property's code, or "property/department". A null value means: from then on the
    scope has no value of its own.
    """

    append_only = True

    parameter = models.CharField(max_length=64)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_key = models.CharField(max_length=80, blank=True)
    effective_date = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    value = models.JSONField(null=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    approval_ref = models.CharField(max_length=64, blank=True)

    objects = ParameterValueQuerySet.as_manager()  # type: ignore[misc]

    @property
    def key(self) -> str:
        """What the trail prints as the subject."""
        return self.parameter

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="value_revision_is_used_once",
                fields=["group", "parameter", "scope", "scope_key", "effective_date", "revision"],
            ),
            models.CheckConstraint(name="value_scope_is_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(
                name="value_scope_key_fits_the_scope",
                condition=Q(scope=Scope.GROUP, scope_key="")
                | (Q(scope=Scope.PROPERTY) & ~Q(scope_key=""))
                | Q(scope=Scope.DEPARTMENT, scope_key__contains="/"),
            ),
            models.CheckConstraint(
                name="value_later_revision_supersedes",
                condition=Q(revision=0, supersedes__isnull=True)
                | Q(revision__gt=0, supersedes__isnull=False),
            ),
        ]


class Stamp(models.Model):
    """One row a group: a random word that is new after every change, so that a rolled-back change cannot be mistaken
    for the next one, as a counter's number would be.
    """

    group = models.OneToOneField(
        "properties.Group", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    word = models.CharField(max_length=32, blank=True)
    changed_at = models.DateTimeField(null=True)
