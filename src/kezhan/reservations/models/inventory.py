"""What can still be sold, by type and night, and who has which door, by room and night. The database proves both."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.properties.api import OfProperty
from kezhan.reservations.choices import ClosureKind, NightUse


class RoomTypeNight(OfProperty):
    """One room type on one business night. A night without a row is not for sale.

    Bookings lock their rows in order of type and date, then raise `sold` by one guarded UPDATE; the check constraint
    below is the last word, whatever the code above believed.
    """

    room_type = models.ForeignKey(
        "hotel.RoomType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    date = models.DateField()
    capacity = models.PositiveIntegerField()
    out_of_order = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    overbook_allowance = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # The date before the type: an availability answer reads a few dates of every type.
            models.UniqueConstraint(name="room_type_night_is_one", fields=["property", "date", "room_type"]),
            models.CheckConstraint(
                name="room_type_night_is_not_oversold",
                condition=Q(
                    sold__lte=F("capacity") - F("out_of_order") - F("blocked") + F("overbook_allowance")
                ),
                violation_error_message=_("这个房型当晚已经订满。"),
            ),
            models.CheckConstraint(
                name="room_type_night_counts_are_not_negative",
                condition=Q(
                    capacity__gte=0,
                    out_of_order__gte=0,
                    blocked__gte=0,
                    sold__gte=0,
                    overbook_allowance__gte=0,
                ),
            ),
        ]


class RoomNight(OfProperty):
    """One door on one night has one use: an allotment, a stay, or a closure. Unique, so nobody shares it by accident."""

    room = models.ForeignKey("hotel.Room", on_delete=models.PROTECT, related_name="nights")
    date = models.DateField()
    use = models.CharField(max_length=9, choices=NightUse.choices)
    booking_room = models.ForeignKey(
        "reservations.BookingRoom",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="room_nights",
    )
    closure = models.ForeignKey(
        "reservations.Closure", on_delete=models.PROTECT, null=True, blank=True, related_name="room_nights"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="room_night_has_one_use", fields=["room", "date"]),
            models.CheckConstraint(name="room_night_use_is_known", condition=Q(use__in=NightUse.values)),
            models.CheckConstraint(
                name="room_night_names_its_user",
                condition=Q(use=NightUse.CLOSURE, closure__isnull=False, booking_room__isnull=True)
                | Q(
                    use__in=[NightUse.ALLOTMENT, NightUse.STAY],
                    booking_room__isnull=False,
                    closure__isnull=True,
                ),
            ),
        ]
        indexes = [models.Index(fields=["property", "date"], name="room_night_by_date")]


class Closure(OfProperty):
    """A room out of order (OOO 维修房) or out of service (OOS 停用房) for the nights [starts, ends)."""

    room = models.ForeignKey("hotel.Room", on_delete=models.PROTECT, related_name="closures")
    kind = models.CharField(max_length=3, choices=ClosureKind.choices)
    starts_date = models.DateField()
    ends_date = models.DateField()
    reason = models.CharField(max_length=200)
    closed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="closure_kind_is_known", condition=Q(kind__in=ClosureKind.values)),
            models.CheckConstraint(
                name="closure_ends_after_it_starts", condition=Q(ends_date__gt=F("starts_date"))
            ),
            models.CheckConstraint(name="closure_gives_a_reason", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["property", "starts_date", "ends_date"], name="closure_by_date")]
