"""Departments, posts, who holds which post where and since when, and who is on duty."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.people.choices import MoveKind
from kezhan.people.rules import in_language, is_current
from kezhan.properties.api import OfGroup, OfProperty

# Stands for "the whole group" where an address or a form names a house.
GROUP_WIDE = "-"


class Named(models.Model):
    """What a hotel names itself: a code, Chinese words, English ones if it likes, the day it was retired."""

    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    retired_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Department(OfGroup, Named):
    """A department of one house, or of the whole group when it has no property."""

    property = models.ForeignKey(
        "properties.Property", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    code = models.CharField(_("代码"), max_length=16)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        constraints = [
            models.UniqueConstraint(
                fields=["property", "code"],
                name="department_code_is_used_once",
                condition=Q(property__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["group", "code"],
                name="department_group_code_is_used_once",
                condition=Q(property__isnull=True),
            ),
            models.CheckConstraint(
                name="department_is_not_its_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
        ]

    @cached_property
    def place_code(self) -> str:
        return self.property.code if self.property is not None else GROUP_WIDE

    @cached_property
    def handle(self) -> str:
        return f"{self.place_code}:{self.code}"


class Post(OfGroup, Named):
    """A place in a department. It gives roles to whoever holds it; `superior` is the post it reports to."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField(_("代码"), max_length=32)
    roles = models.ManyToManyField("people.Role", through="people.PostRole", related_name="posts")
    superior = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="reports", null=True, blank=True
    )

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        constraints = [
            models.UniqueConstraint(fields=["department", "code"], name="post_code_is_used_once"),
            models.CheckConstraint(
                name="post_is_not_its_superior", condition=Q(superior__isnull=True) | ~Q(superior=F("id"))
            ),
        ]

    @property
    def handle(self) -> str:
        """What the outside calls this post: house (or "-" for the group), department and post."""
        return f"{self.department.place_code}:{self.department.code}:{self.code}"


class PostRole(OfGroup):
    """A role that comes with a post."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="post_roles")
    role = models.ForeignKey("people.Role", on_delete=models.PROTECT, related_name="post_roles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "role"], name="postrole_is_given_once")]


class Holding(OfGroup):
    """A person holds a post for [starts_date, ends_date) at one house, or in the whole group without one.

    Dates are days of the house. A post ended today is over today, which is how a right is gone at the next request.
    """

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    property = models.ForeignKey(
        "properties.Property", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    starts_date = models.DateField(_("自"))
    ends_date = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.CheckConstraint(
                name="holding_ends_after_it_starts",
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("starts_date")),
                violation_error_message=_("任职结束不能早于开始。"),
            ),
            models.UniqueConstraint(
                fields=["user", "post", "property"],
                name="holding_is_open_once",
                condition=Q(ends_date__isnull=True) & Q(property__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "post"],
                name="holding_of_the_group_is_open_once",
                condition=Q(ends_date__isnull=True) & Q(property__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["group", "user"], name="holding_of_user"),
            models.Index(fields=["group", "post"], name="holding_of_post"),
        ]

    @cached_property
    def handle(self) -> str:
        """What the outside calls this holding: house, department, post and first day."""
        return f"{self.post.handle}:{self.place_code}:{self.starts_date}"

    @cached_property
    def place_code(self) -> str:
        return self.property.code if self.property is not None else GROUP_WIDE

    def is_current(self, day: date) -> bool:
        return is_current(self.starts_date, self.ends_date, day)


class DutyShift(OfProperty):
    """Somebody is on duty for a department from `starts_at` until `ends_at`."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("上班"))
    ends_at = models.DateTimeField(_("下班"))

    class Meta:
        verbose_name = _("班次")
        verbose_name_plural = _("班次")
        constraints = [
            models.CheckConstraint(
                name="dutyshift_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("下班时间必须晚于上班时间。"),
            ),
            models.UniqueConstraint(fields=["property", "user", "starts_at"], name="dutyshift_starts_once"),
        ]
        indexes = [models.Index(fields=["property", "starts_at"], name="dutyshift_by_time")]

    @cached_property
    def handle(self) -> str:
        """What the outside calls this shift."""
        return f"{self.user.username}@{self.starts_at.isoformat()}"


class StaffMove(OfGroup):
    """Hired, transferred or left, on which day and why: what other apps hook on to, and the personnel history."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=16, choices=MoveKind.choices)
    effective_date = models.DateField()
    old_holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    new_holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("人事变动")
        verbose_name_plural = _("人事变动")
        constraints = [
            models.CheckConstraint(name="staffmove_kind_is_known", condition=Q(kind__in=MoveKind.values)),
        ]
        indexes = [models.Index(fields=["group", "user", "at"], name="staffmove_of_user")]
