"""Rooms, room types, room status and the business date of a property."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.properties.api import OfProperty, PropertyQuerySet

from .choices import Cleanliness, Occupancy


class RetiringQuerySet(PropertyQuerySet):
    def in_use_on(self, day: date) -> RetiringQuerySet:
        """Rows not retired on `day`: retirement is by date, and a code is never used twice."""
        return self.filter(Q(retired_date__isnull=True) | Q(retired_date__gt=day))


class RoomType(OfProperty):
    """What is sold: a kind of room at a price. `max_guests` bounds adults and children together."""

    code = models.CharField(max_length=16)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    bed = models.CharField(max_length=60, blank=True)
    max_adults = models.PositiveSmallIntegerField(default=2)
    max_guests = models.PositiveSmallIntegerField(default=3)
    accessible = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    retired_date = models.DateField(null=True, blank=True)

    objects = RetiringQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["property_id", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="room_type_code_is_used_once",
                fields=["property", "code"],
                violation_error_message=_("这个房型代码已经用过，代码不能重复使用。"),
            ),
            models.CheckConstraint(name="room_type_takes_somebody", condition=Q(max_guests__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Room(OfProperty):
    """A door with a number. Its status has two axes; due-in, due-out and closures are overlays kept elsewhere."""

    number = models.CharField(max_length=12)
    room_type = models.ForeignKey(RoomType, on_delete=models.PROTECT, related_name="rooms")
    floor = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField(default=0)
    view = models.CharField(max_length=40, blank=True)
    accessible = models.BooleanField(default=False)
    occupancy = models.CharField(max_length=8, choices=Occupancy.choices, default=Occupancy.VACANT)
    cleanliness = models.CharField(max_length=9, choices=Cleanliness.choices, default=Cleanliness.INSPECTED)
    do_not_disturb = models.BooleanField(default=False)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    opened_date = models.DateField()
    retired_date = models.DateField(null=True, blank=True)

    objects = RetiringQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["property_id", "floor", "position", "number"]
        constraints = [
            models.UniqueConstraint(
                name="room_number_is_used_once",
                fields=["property", "number"],
                violation_error_message=_("这个房号已经有了。"),
            ),
            models.CheckConstraint(
                name="room_occupancy_is_known", condition=Q(occupancy__in=Occupancy.values)
            ),
            models.CheckConstraint(
                name="room_cleanliness_is_known", condition=Q(cleanliness__in=Cleanliness.values)
            ),
        ]
        indexes = [models.Index(fields=["property", "room_type"], name="room_by_type")]

    def __str__(self) -> str:
        return self.number


class BusinessDay(OfProperty):
    """The open business date of a property (营业日): stored state, rolled by night audit alone, never the clock."""

    business_date = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="business_day_is_one_per_property", fields=["property"]),
        ]
