"""The tree every row belongs to: a group and its properties (hotels, schools). A single inn is its own group."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.money import currency_field


class Edition(models.TextChoices):
    HOTEL = "HOTEL", _("酒店")
    SCHOOL = "SCHOOL", _("培训机构")


class Group(models.Model):
    """Owner of guests, companies, members, staff, regulations and parameters."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="group_code_is_given", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.name


class HouseQuerySet(models.QuerySet):
    def of_group(self, group: Any) -> Self:
        return self.filter(group_id=getattr(group, "pk", group))

    def open_on(self, day: date) -> Self:
        """Houses that have opened and are not closed on that day."""
        return self.filter(Q(closed_date__isnull=True) | Q(closed_date__gt=day), opened_date__lte=day)


class Property(models.Model):
    """A house of the group. Its code stands in every address and in REST; it is never used twice."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="properties")
    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    edition = models.CharField(max_length=16, choices=Edition.choices, default=Edition.HOTEL)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    currency = currency_field()
    address = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    opened_date = models.DateField()
    closed_date = models.DateField(null=True, blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "properties"
        constraints = [
            models.CheckConstraint(name="property_code_is_given", condition=~Q(code="")),
            models.CheckConstraint(name="property_timezone_is_given", condition=~Q(timezone="")),
            models.CheckConstraint(name="property_edition_is_known", condition=Q(edition__in=Edition.values)),
            models.CheckConstraint(
                name="property_closes_after_it_opens",
                condition=Q(closed_date__isnull=True) | Q(closed_date__gt=F("opened_date")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PropertyQuerySet(models.QuerySet):
    def of(self, place: Any) -> Self:
        """Rows of one property (a Property or its id)."""
        return self.filter(property_id=getattr(place, "pk", place))


class GroupQuerySet(models.QuerySet):
    def of(self, group: Any) -> Self:
        """Rows of one group (a Group or its id)."""
        return self.filter(group_id=getattr(group, "pk", group))


class OfProperty(models.Model):
    """What happens somewhere belongs to that property; the column leads the table's indexes."""

    property = models.ForeignKey("properties.Property", on_delete=models.PROTECT, related_name="+")

    objects = PropertyQuerySet.as_manager()

    class Meta:
        abstract = True


class OfGroup(models.Model):
    """What the group owns: guests, companies, members, staff, regulations, parameters."""

    group = models.ForeignKey("properties.Group", on_delete=models.PROTECT, related_name="+")

    objects = GroupQuerySet.as_manager()

    class Meta:
        abstract = True
