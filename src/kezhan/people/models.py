"""Staff, their posts and rights. (User first: other tables name it from the first migration.)"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class UserManager(BaseUserManager):
    pass


class User(AbstractBaseUser, PermissionsMixin):
    group = models.ForeignKey("properties.Group", on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()
