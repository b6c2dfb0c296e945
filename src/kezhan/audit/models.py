"""The trail. Events are written once in the business transaction; their seals follow in rows of their own."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .choices import ActorKind, Origin

# What a seal covers, in this order. The row's own id is left out: the seal's number gives the order.
SEALED_FIELDS = (
    "recorded_at", "at", "actor_kind", "actor_id", "actor_name", "principal", "origin", "verb", "subject_kind",
    "subject_key", "subject_label", "property_id", "group_id", "before_digest", "after_digest", "reason", "facts",
)  # fmt: skip


class EventQuerySet(models.QuerySet):
    def of_group(self, group_id: int) -> Self:
        return self.filter(group_id=group_id)

    def of_subject(self, kind: str, key: str) -> Self:
        return self.filter(subject_kind=kind, subject_key=key)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


class Event(models.Model):
    """Who did what to which subject, when, through which door and why. Never changed, never deleted.

    Persons, properties and groups are ids without a foreign key: the trail is below them and outlives them. `at` is the
    time the operation was given, `recorded_at` the database's own clock.
    """

    append_only = True

    recorded_at = models.DateTimeField(db_default=Now())
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=120)
    principal = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=64, blank=True)
    property_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    before_digest = models.CharField(max_length=64, blank=True)
    after_digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            # The list of a group, newest first, and its filter by day.
            models.Index(fields=["group_id", "at", "id"], name="audit_event_group_at"),
            # `events_of`: the history of one subject.
            models.Index(fields=["subject_kind", "subject_key", "id"], name="audit_event_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_actor_kind_is_known", condition=Q(actor_kind__in=ActorKind.values)
            ),
            models.CheckConstraint(name="event_origin_is_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(name="event_verb_is_named", condition=Q(verb__contains=".")),
        ]


class Seal(models.Model):
    """One link of a group's chain (chain 0: what belongs to no group). Hash over the event and the link before it."""

    append_only = True

    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    algorithm = models.CharField(max_length=16)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="seal_number_is_used_once"),
            models.CheckConstraint(name="seal_number_starts_at_one", condition=Q(seq__gte=1)),
        ]


class ChainHead(models.Model):
    """The last link of a chain. The row exists before the first seal: a lock on a row not yet written locks nothing."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(null=True)


class SealerMark(models.Model):
    """How far the sealer has looked; one row. See `operations.seal_pending` for why two numbers are needed.

    Every event up to `settled_event` is sealed or will never exist. `watched_event` becomes settled as soon as no
    transaction is left that began before `watched_at`.
    """

    settled_event = models.BigIntegerField(default=0)
    watched_event = models.BigIntegerField(default=0)
    watched_at = models.DateTimeField(null=True)


class Checkpoint(models.Model):
    """A link written to a file outside the database, as the chain's page shows it. The proof is that file, not this."""

    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    exported_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["chain", "seq"], name="audit_checkpoint_chain")]
