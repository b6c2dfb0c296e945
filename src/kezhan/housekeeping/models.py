"""Cleaning tasks: who cleaned which room when, and who checked it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.properties.api import OfProperty

from .choices import CleaningKind, CleaningStatus


class CleaningTask(OfProperty):
    """One cleaning of one room on a business date. A room has at most one that is not finished.

    `cleaned_by` is the printed name of who finished it, `cleaner_key` tells that person from the inspector.
    """

    room = models.ForeignKey("hotel.Room", on_delete=models.PROTECT, related_name="cleaning_tasks")
    business_date = models.DateField()
    kind = models.CharField(max_length=9, choices=CleaningKind.choices, default=CleaningKind.DEPARTURE)
    status = models.CharField(max_length=8, choices=CleaningStatus.choices, default=CleaningStatus.PLANNED)
    urgent = models.BooleanField(default=False)
    attendant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    cleaned_by = models.CharField(max_length=80, blank=True)
    cleaner_key = models.CharField(max_length=80, blank=True)
    inspected_by = models.CharField(max_length=80, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cleaning_task_is_one_open_per_room",
                fields=["room"],
                condition=Q(status__in=["PLANNED", "CLEANING", "CLEANED", "FAILED"]),
                violation_error_message=_("这间房已有未完成的清洁任务。"),
            ),
            models.CheckConstraint(
                name="cleaning_task_kind_is_known", condition=Q(kind__in=CleaningKind.values)
            ),
            models.CheckConstraint(
                name="cleaning_task_status_is_known", condition=Q(status__in=CleaningStatus.values)
            ),
            models.CheckConstraint(
                name="cleaning_task_finishes_after_it_starts",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="cleaning_task_skipped_gives_a_reason", condition=~Q(status="SKIPPED") | ~Q(remark="")
            ),
            models.CheckConstraint(
                name="cleaning_task_passes_with_a_score",
                condition=~Q(status="PASSED") | Q(score__isnull=False, inspected_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cleaning_task_score_is_of_hundred", condition=Q(score__isnull=True) | Q(score__lte=100)
            ),
        ]
        indexes = [models.Index(fields=["property", "business_date", "status"], name="cleaning_task_by_day")]
