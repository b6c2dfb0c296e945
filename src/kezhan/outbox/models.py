"""Rows of work to do after commit, the processes that do it, the schedules, answers kept by Idempotency-Key, call counts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from kezhan.core.fields import EncryptedField, HasSealedFields
from kezhan.properties import api as properties

from .choices import AnswerState, TaskState


class TaskQuerySet(models.QuerySet):
    def waiting(self) -> TaskQuerySet:
        return self.filter(state=TaskState.READY)

    def due(self, now) -> TaskQuerySet:
        return self.waiting().filter(run_after__lte=now)

    def running(self) -> TaskQuerySet:
        return self.filter(state=TaskState.RUNNING)

    def abandoned(self, now) -> TaskQuerySet:
        """Running rows whose lease ran out: their worker was killed or cut off."""
        return self.running().filter(leased_until__lt=now)

    def dead(self) -> TaskQuerySet:
        return self.filter(state=TaskState.DEAD)

    def seen_by_group(self, group_id: int) -> TaskQuerySet:
        """Rows of the group and its houses, and those of the product itself, which name no owner."""
        houses = properties.Property.objects.filter(group_id=group_id).values("pk")
        ownerless = Q(property_id__isnull=True, group_id__isnull=True)
        return self.filter(ownerless | Q(group_id=group_id) | Q(property_id__in=houses))


class Task(models.Model):
    """One piece of work, written in the business transaction that wants it. Carries keys of rows, no personal data.

    Owner columns are plain numbers: the row must not lock, or be locked by, the row of its property.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - many rows have none
    payload = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.READY)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    property_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "run_after", "id"], name="task_ready", condition=Q(state=TaskState.READY)
            ),
            models.Index(fields=["leased_until"], name="task_leased", condition=Q(state=TaskState.RUNNING)),
            models.Index(fields=["finished_at"], name="task_done", condition=Q(state=TaskState.DONE)),
            models.Index(fields=["-finished_at"], name="task_dead", condition=Q(state=TaskState.DEAD)),
        ]
        constraints = [
            models.CheckConstraint(name="task_state_is_known", condition=Q(state__in=TaskState.values)),
            models.CheckConstraint(
                name="task_running_is_leased",
                condition=~Q(state=TaskState.RUNNING) | (Q(leased_until__isnull=False) & ~Q(worker="")),
            ),
            models.CheckConstraint(
                name="task_end_has_time",
                condition=Q(state__in=[TaskState.DONE, TaskState.DEAD], finished_at__isnull=False)
                | Q(state__in=[TaskState.READY, TaskState.RUNNING], finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="task_attempts_are_bounded", condition=Q(attempts__lte=models.F("max_attempts"))
            ),
            models.CheckConstraint(name="task_may_be_tried", condition=Q(max_attempts__gte=1)),
        ]


class Worker(models.Model):
    """A process that works on the rows, or the one that keeps the schedules; `/readyz` looks at its heartbeat."""

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    done = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="worker_kind_is_known", condition=Q(kind__in=["WORKER", "SCHEDULER"])
            ),
        ]


class Schedule(models.Model):
    """How far a schedule declared in code has come. The declaration gives the rhythm; this row remembers the last slot."""

    name = models.CharField(max_length=80, unique=True)
    rhythm = models.CharField(max_length=120)
    last_slot_at = models.DateTimeField()
    enqueued_at = models.DateTimeField(null=True)


class IdempotentAnswer(HasSealedFields, properties.OfGroup):
    """The answer given to a request with an Idempotency-Key, committed together with what the request changed."""

    token_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    address = models.CharField(max_length=400)
    body_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=AnswerState.choices, default=AnswerState.RUNNING)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = EncryptedField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="answer_expiry")]
        constraints = [
            models.UniqueConstraint(fields=["group", "token_id", "key"], name="answer_once_per_key"),
            models.CheckConstraint(name="answer_state_is_known", condition=Q(state__in=AnswerState.values)),
            models.CheckConstraint(
                name="answer_done_has_status",
                condition=Q(state=AnswerState.RUNNING, status__isnull=True)
                | Q(state=AnswerState.DONE, status__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_expires_later", condition=Q(expires_at__gt=models.F("created_at"))
            ),
        ]


class CallCount(models.Model):
    """Calls a REST token made in one minute (numbered since 1970), as far as its processes have told."""

    group_id = models.BigIntegerField()
    token_id = models.BigIntegerField()
    minute = models.BigIntegerField()
    calls = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group_id", "token_id", "minute"], name="callcount_once_per_minute"
            ),
            models.CheckConstraint(name="callcount_is_positive", condition=Q(calls__gte=0)),
        ]
