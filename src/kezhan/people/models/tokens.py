"""What opens a door without a person: tokens of machines, and the link for the first administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import Actor
from kezhan.properties.api import OfGroup, OfProperty


class ApiToken(OfGroup):
    """A bearer token. Only its digest is stored; `prefix` lets people tell tokens apart without knowing them."""

    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("开头"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("权限"), default=list)
    all_properties = models.BooleanField(_("全部门店"), default=False)
    properties = models.ManyToManyField(
        "properties.Property", through="people.TokenProperty", related_name="+"
    )
    created_at = models.DateTimeField(_("创建时间"))
    created_by = models.CharField(_("创建人"), max_length=60)
    ends_at = models.DateTimeField(_("到期"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        constraints = [
            models.CheckConstraint(
                name="apitoken_ends_after_it_starts", condition=Q(ends_at__gt=F("created_at"))
            ),
        ]
        indexes = [models.Index(fields=["group", "created_at"], name="apitoken_of_group")]

    def __str__(self) -> str:
        return self.name

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.ends_at

    def actor(self) -> Actor:
        return Actor(kind="TOKEN", id=str(self.pk), name=self.name, origin="REST")


class TokenProperty(OfProperty):
    """A house that a token may enter."""

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="places")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["property", "token"], name="tokenproperty_is_given_once"),
        ]


class FirstLink(models.Model):
    """The link for the first administrator: good once, for a day, and only while nobody administers. `group` is what
    was made through it."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    group = models.ForeignKey(
        "properties.Group", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="firstlink_ends_after_it_starts", condition=Q(ends_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="firstlink_made_a_group_when_used",
                condition=Q(used_at__isnull=True, group__isnull=True)
                | Q(used_at__isnull=False, group__isnull=False),
            ),
        ]
