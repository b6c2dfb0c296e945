"""Stays, the guests registered in them, and the night audit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.fields import EncryptedField, HasSealedFields
from kezhan.properties.api import OfProperty

from .choices import AuditStatus, DocumentCheck, StayStatus


class Stay(OfProperty):
    """One BookingRoom in the house. Its guests are rows; a walk-in has a booking too."""

    number = models.CharField(max_length=24)
    booking_room = models.ForeignKey(
        "reservations.BookingRoom", on_delete=models.PROTECT, related_name="stays"
    )
    room = models.ForeignKey("hotel.Room", on_delete=models.PROTECT, related_name="stays")
    folio = models.ForeignKey("billing.Folio", on_delete=models.PROTECT, related_name="stays")
    status = models.CharField(max_length=8, choices=StayStatus.choices, default=StayStatus.IN_HOUSE)
    arrival_date = models.DateField()
    departure_date = models.DateField()
    checked_in_at = models.DateTimeField()
    checked_in_business_date = models.DateField()
    checked_out_at = models.DateTimeField(null=True, blank=True)
    checked_out_business_date = models.DateField(null=True, blank=True)
    deposit_waiver_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stay_number_is_used_once", fields=["property", "number"]),
            models.UniqueConstraint(
                name="stay_is_one_per_booked_room",
                fields=["booking_room"],
                condition=Q(status__in=["IN_HOUSE", "DEPARTED"]),
                violation_error_message=_("这间预订已经办过入住。"),
            ),
            models.UniqueConstraint(
                name="stay_has_the_room_alone",
                fields=["room"],
                condition=Q(status="IN_HOUSE"),
                violation_error_message=_("这间房有客人在住。"),
            ),
            models.CheckConstraint(name="stay_status_is_known", condition=Q(status__in=StayStatus.values)),
            models.CheckConstraint(
                name="stay_leaves_not_before_it_arrives", condition=Q(departure_date__gte=F("arrival_date"))
            ),
            models.CheckConstraint(
                name="stay_departs_at_a_time",
                condition=~Q(status="DEPARTED")
                | Q(checked_out_at__isnull=False, checked_out_business_date__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["property", "status", "departure_date"], name="stay_by_leaving"),
            models.Index(fields=["property", "checked_in_business_date"], name="stay_by_checked_in"),
            models.Index(fields=["property", "checked_out_business_date"], name="stay_by_checked_out"),
        ]

    def __str__(self) -> str:
        return self.number


class StayGuest(OfProperty, HasSealedFields):
    """One person registered in a stay, with own arrival and departure; every one shows a document, minors too.

    A minor's row also holds a guardian's telephone (sealed) and who the adults in the room are to the child.
    """

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="guests")
    guest = models.ForeignKey("guests.Guest", on_delete=models.PROTECT, related_name="stays")
    document = models.ForeignKey(
        "guests.GuestDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_main = models.BooleanField(default=False)
    document_check = models.CharField(max_length=12, choices=DocumentCheck.choices)
    checked_by = models.CharField(max_length=80)
    is_minor = models.BooleanField(default=False)
    guardian_phone = EncryptedField()
    guardian_relation = models.CharField(max_length=60, blank=True)
    arrived_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stay_guest_is_registered_once", fields=["stay", "guest"]),
            models.UniqueConstraint(
                name="stay_has_one_main_guest", fields=["stay"], condition=Q(is_main=True)
            ),
            models.CheckConstraint(
                name="stay_guest_document_check_is_known",
                condition=Q(document_check__in=DocumentCheck.values),
            ),
            models.CheckConstraint(
                name="stay_guest_shows_a_document",
                condition=Q(document__isnull=False) | Q(document_check__in=["IMPORTED", "PROVISIONAL"]),
            ),
            models.CheckConstraint(
                name="stay_guest_minor_has_a_guardian",
                condition=Q(is_minor=False)
                | Q(document_check="IMPORTED")
                | (Q(guardian_phone__isnull=False) & ~Q(guardian_relation="")),
            ),
            models.CheckConstraint(
                name="stay_guest_departs_after_arriving",
                condition=Q(departed_at__isnull=True) | Q(departed_at__gte=F("arrived_at")),
            ),
        ]


class NightAudit(OfProperty):
    """The night audit (夜审) of one business date: one row a date, run in steps, resumed where it stopped."""

    business_date = models.DateField()
    status = models.CharField(max_length=8, choices=AuditStatus.choices, default=AuditStatus.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="night_audit_is_one_per_date", fields=["property", "business_date"]),
            models.CheckConstraint(
                name="night_audit_status_is_known", condition=Q(status__in=AuditStatus.values)
            ),
            models.CheckConstraint(
                name="night_audit_is_done_at_a_time",
                condition=~Q(status="DONE") | Q(finished_at__isnull=False),
            ),
        ]


class NightAuditStep(OfProperty):
    """A finished step. A step's work and this row commit together, so a killed audit goes on behind the last one."""

    append_only = True

    audit = models.ForeignKey(NightAudit, on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=32)
    done_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="night_audit_step_is_done_once", fields=["audit", "key"])]


class NightAuditReport(OfProperty):
    """What the night audit froze. The digest covers yesterday's, so a past report cannot drift unseen."""

    append_only = True

    audit = models.ForeignKey(NightAudit, on_delete=models.PROTECT, related_name="reports")
    business_date = models.DateField()
    content = models.JSONField()
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="night_audit_report_is_frozen_once",
                fields=["property", "business_date"],
                violation_error_message=_("这一天的夜审报表已经冻结。"),
            ),
        ]
