"""Prices by night and plan, and the codes that say why, whence and through what a booking came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.money import currency_field, money_field
from kezhan.properties.api import OfProperty
from kezhan.reservations.choices import CodeAxis, RatePlanKind


class RatePlan(OfProperty):
    """A price list with its terms. Prices include tax; a plan without a price for a night is not offered for it."""

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=16, choices=RatePlanKind.choices, default=RatePlanKind.RACK)
    currency = currency_field()
    members_only = models.BooleanField(default=False)
    breakfasts = models.PositiveSmallIntegerField(default=0)
    public = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["property_id", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="rate_plan_code_is_used_once",
                fields=["property", "code"],
                violation_error_message=_("这个价格代码已经用过，代码不能重复使用。"),
            ),
            models.CheckConstraint(name="rate_plan_kind_is_known", condition=Q(kind__in=RatePlanKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class BasePrice(OfProperty):
    """What a night costs when the schedule opens it: the ordinary price and the one of Friday and Saturday nights."""

    rate_plan = models.ForeignKey(RatePlan, on_delete=models.PROTECT, related_name="base_prices")
    room_type = models.ForeignKey("hotel.RoomType", on_delete=models.PROTECT, related_name="+")
    price = money_field()
    weekend_price = money_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="base_price_is_one", fields=["rate_plan", "room_type"]),
            models.CheckConstraint(
                name="base_price_is_not_negative", condition=Q(price__gte=0, weekend_price__gte=0)
            ),
        ]


class NightPrice(OfProperty):
    """The price of one plan, type and night (房价日历)."""

    rate_plan = models.ForeignKey(RatePlan, on_delete=models.PROTECT, related_name="+", db_index=False)
    room_type = models.ForeignKey(
        "hotel.RoomType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    date = models.DateField()
    price = money_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="night_price_is_one", fields=["property", "date", "room_type", "rate_plan"]
            ),
            models.CheckConstraint(name="night_price_is_not_negative", condition=Q(price__gte=0)),
        ]


class BookingCode(OfProperty):
    """A market (why), source (how) or channel (through what). Four fields with the plan; merging them ruins 客源结构."""

    axis = models.CharField(max_length=7, choices=CodeAxis.choices)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["property_id", "axis", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="booking_code_is_used_once",
                fields=["property", "axis", "code"],
                violation_error_message=_("这个代码已经用过，代码不能重复使用。"),
            ),
            models.CheckConstraint(name="booking_code_axis_is_known", condition=Q(axis__in=CodeAxis.values)),
        ]

    def __str__(self) -> str:
        return self.name
