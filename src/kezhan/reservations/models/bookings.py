"""Booking → BookingRoom → BookingNight, and the vouchers given for them.

Foreign keys to types, plans and codes carry no index of their own: nothing is deleted behind them, nobody looks bookings
up by them, and every booking would pay for them.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.money import currency_field, money_field
from kezhan.properties.api import OfProperty
from kezhan.reservations.choices import BookingStatus, Eligibility, RoomStatus

from .rates import BookingCode


class Booking(OfProperty):
    """A promise of room-nights to one guest. Status changes only through operations."""

    number = models.CharField(max_length=24)
    guest = models.ForeignKey("guests.Guest", on_delete=models.PROTECT, related_name="bookings")
    status = models.CharField(max_length=16, choices=BookingStatus.choices, default=BookingStatus.ENQUIRY)
    arrival_date = models.DateField()
    departure_date = models.DateField()
    arrival_time = models.TimeField(null=True, blank=True)
    market = models.ForeignKey(BookingCode, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(BookingCode, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(BookingCode, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = currency_field()
    total = money_field(default=Decimal("0.00"))
    eligibility = models.CharField(max_length=18, choices=Eligibility.choices, default=Eligibility.UNCHECKED)
    wishes = models.CharField(max_length=300, blank=True)
    external_reference = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    booked_business_date = models.DateField()
    eligible_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    review_reason = models.CharField(max_length=200, blank=True)
    allotted_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    guest_confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_business_date = models.DateField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    cancelled_in_grace = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="booking_number_is_used_once", fields=["property", "number"]),
            models.CheckConstraint(
                name="booking_leaves_not_before_it_arrives",
                condition=Q(departure_date__gte=F("arrival_date")),
                violation_error_message=_("离店日期不能早于到店日期。"),
            ),
            models.CheckConstraint(
                name="booking_status_is_known", condition=Q(status__in=BookingStatus.values)
            ),
            models.CheckConstraint(
                name="booking_eligibility_is_known", condition=Q(eligibility__in=Eligibility.values)
            ),
            models.CheckConstraint(
                name="booking_is_confirmed_after_eligibility",
                condition=Q(confirmed_at__isnull=True)
                | (Q(eligible_at__isnull=False) & Q(allotted_at__isnull=False) & ~Q(eligibility="UNCHECKED")),
            ),
            models.CheckConstraint(
                name="booking_cancellation_gives_a_reason",
                condition=~Q(status="CANCELLED") | ~Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["property", "arrival_date"], name="booking_by_arrival"),
            models.Index(fields=["property", "asked_at"], name="booking_by_asked"),
            # The lists of what still waits for somebody: few rows however many bookings there are.
            models.Index(
                fields=["property", "status"],
                name="booking_to_work_on",
                condition=Q(status__in=["ENQUIRY", "ELIGIBLE", "UNDER_REVIEW", "ALLOTTED"]),
            ),
            models.Index(
                fields=["property", "external_reference"],
                name="booking_by_reference",
                condition=~Q(external_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BookingRoom(OfProperty):
    """One room of a booking. `room_type` is the type it is priced by, `inventory_type` the one whose nights it takes;
    they differ after an upgrade. Day use (no night) takes hours of a room and no night of inventory.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="rooms")
    position = models.PositiveSmallIntegerField(default=1)
    room_type = models.ForeignKey(
        "hotel.RoomType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    inventory_type = models.ForeignKey(
        "hotel.RoomType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rate_plan = models.ForeignKey(
        "reservations.RatePlan", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=9, choices=RoomStatus.choices, default=RoomStatus.ASKED)
    arrival_date = models.DateField()
    departure_date = models.DateField()
    day_use = models.BooleanField(default=False)
    day_use_price = money_field(null=True, blank=True)
    adults = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    infants = models.PositiveSmallIntegerField(default=0)
    total = money_field(default=Decimal("0.00"))
    price_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["booking_id", "position"]
        constraints = [
            models.UniqueConstraint(name="booking_room_position_is_one", fields=["booking", "position"]),
            models.CheckConstraint(
                name="booking_room_status_is_known", condition=Q(status__in=RoomStatus.values)
            ),
            models.CheckConstraint(
                name="booking_room_has_a_night_or_day_use",
                condition=Q(day_use=False, departure_date__gt=F("arrival_date"))
                | Q(day_use=True, departure_date=F("arrival_date"), day_use_price__isnull=False),
                violation_error_message=_("离店日期必须晚于到店日期；当天离店请选日用房。"),
            ),
        ]
        indexes = [
            models.Index(fields=["property", "status", "arrival_date"], name="booking_room_by_arrival"),
            models.Index(fields=["property", "status", "departure_date"], name="booking_room_by_leaving"),
        ]


class BookingNight(OfProperty):
    """One night of one booked room at its agreed price. Night audit posts exactly this price, once.

    `inventory_type` is the type that counts this night as sold; empty while it is only asked for and once it has been
    given back (cancelled, not shown, left early). The nightly comparison of the counters rests on it.
    """

    booking_room = models.ForeignKey(BookingRoom, on_delete=models.PROTECT, related_name="nights")
    date = models.DateField()
    price = money_field()
    rate_plan = models.ForeignKey(
        "reservations.RatePlan", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    inventory_type = models.ForeignKey(
        "hotel.RoomType", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["booking_room_id", "date"]
        constraints = [
            models.UniqueConstraint(name="booking_night_is_one", fields=["booking_room", "date"]),
        ]


class Voucher(OfProperty):
    """A confirmation given to the guest; every change gives a new version, and the earlier ones stay (S-2.2(4)).

    `token_digest` is the digest of the random token in the guest's link; a booking number alone opens nothing.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="vouchers")
    version = models.PositiveIntegerField()
    token_digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="voucher_version_is_one", fields=["booking", "version"]),
            models.CheckConstraint(name="voucher_link_ends", condition=Q(ends_at__gt=F("issued_at"))),
        ]
