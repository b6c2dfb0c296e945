"""Roles gather rights; the rights themselves are declared in code by the app that asks for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.people.roles import shipped_label
from kezhan.people.rules import in_language
from kezhan.properties.api import OfGroup


class Role(OfGroup):
    """A bundle of rights of one group. A shipped role has its words in code under its key until a hotel renames it."""

    key = models.SlugField(_("代码"), max_length=48)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    requires_mfa = models.BooleanField(_("必须两步验证"), default=False)
    retired_date = models.DateField(null=True, blank=True)
    # Default grants this role has received once: a right that the house took away does not come back with an upgrade.
    defaults_seen = models.JSONField(default=list)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [
            models.UniqueConstraint(fields=["group", "key"], name="role_key_is_used_once"),
            models.CheckConstraint(name="role_has_a_key", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en) or str(shipped_label(self.key))


class RoleRight(OfGroup):
    """One right of one role; `right` is a code such as "frontdesk.check_in"."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="rights")
    right = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "right"], name="roleright_is_given_once"),
            models.CheckConstraint(name="roleright_names_a_right", condition=~Q(right="")),
        ]
