"""The person who signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import Actor, Origin
from kezhan.core.fields import EncryptedField, HasSealedFields
from kezhan.people.choices import Language
from kezhan.properties.api import OfGroup


class UserQuerySet(models.QuerySet):
    def of(self, group: Any) -> UserQuerySet:
        """People of one group (a Group or its id)."""
        return self.filter(group_id=getattr(group, "pk", group))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People are made by `operations.hire`; nobody is made a superuser, because nothing would follow from it."""


class User(OfGroup, HasSealedFields, AbstractBaseUser):
    """An employee. Rights come from the posts held, never from a flag here. People leave; they are not deleted."""

    username = models.CharField(_("登录名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    phone = EncryptedField()
    phone_index = models.CharField(max_length=40, blank=True)
    phone_tail_index = models.CharField(max_length=40, blank=True)
    email = EncryptedField()
    email_index = models.CharField(max_length=40, blank=True)
    language = models.CharField(_("语言"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    is_active = models.BooleanField(_("可以登录"), default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    demo = models.BooleanField(default=False)
    hired_date = models.DateField(_("入职日期"), null=True, blank=True)
    left_date = models.DateField(_("离职日期"), null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    objects = UserManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("员工")
        verbose_name_plural = _("员工")
        constraints = [
            models.CheckConstraint(
                name="user_username_is_lower_case",
                condition=Q(username=Lower("username")) & ~Q(username=""),
                violation_error_message=_("登录名只用小写字母。"),
            ),
            models.CheckConstraint(name="user_language_is_known", condition=Q(language__in=Language.values)),
            models.CheckConstraint(
                name="user_who_left_cannot_sign_in", condition=Q(left_date__isnull=True) | Q(is_active=False)
            ),
        ]
        indexes = [
            models.Index(fields=["group", "name"], name="user_by_name"),
            models.Index(fields=["group", "phone_index"], name="user_by_phone"),
            models.Index(fields=["group", "phone_tail_index"], name="user_by_phone_tail"),
            models.Index(fields=["group", "email_index"], name="user_by_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def actor(self, origin: Origin = "WEB") -> Actor:
        """This person as the trail prints them."""
        return Actor(kind="USER", id=str(self.pk), name=self.name, origin=origin)


class PasswordHistory(OfGroup):
    """Hashes of former passwords, so that the last few are not chosen again."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["group", "user", "-set_at"], name="passwordhistory_of_user")]
