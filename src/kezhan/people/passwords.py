"""What a password must be. The numbers are parameters of the group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kezhan.policy import api as policy

from .models import User

MINIMUM_LENGTH = "staff_password_min_length"  # noqa: S105
HISTORY = "staff_password_history"
ROTATION = "staff_password_rotation_enabled"
ROTATION_DAYS = "password_rotation_days"


class HousePassword:
    """Django's validator interface: length, not the sign-in name, not one of the last few."""

    def validate(self, password: str, user: Any = None) -> None:
        group = user.group if isinstance(user, User) else None
        self._long_enough(password, policy.value(MINIMUM_LENGTH, group=group))
        if isinstance(user, User):
            self._not_the_name(password, user)
            self._not_used_lately(password, user, policy.value(HISTORY, group=group))

    def get_help_text(self) -> str:
        return str(_("至少 %(count)s 个字符。一句自己记得住的话，比一串符号更安全。")) % {
            "count": policy.value(MINIMUM_LENGTH)
        }

    def _long_enough(self, password: str, shortest: int) -> None:
        if len(password) < shortest:
            raise ValidationError(
                _("密码太短，至少要 %(count)s 个字符。"),
                code="password_too_short",
                params={"count": shortest},
            )

    def _not_the_name(self, password: str, user: User) -> None:
        if len(user.username) >= 4 and user.username in password.lower():
            raise ValidationError(_("密码里不能含有登录名。"), code="password_has_name")

    def _not_used_lately(self, password: str, user: User, count: int) -> None:
        """The current password counts as the first of the last `count`; each comparison costs one slow hash."""
        if not count or user.pk is None:
            return
        former = user.former_passwords.order_by("-set_at", "-pk").values_list("password", flat=True)
        if any(check_password(password, hashed) for hashed in [user.password, *former[: count - 1]]):
            raise ValidationError(
                _("最近用过的 %(count)s 个密码不能再用。"), code="password_used", params={"count": count}
            )


def is_too_old(user: User, now: datetime) -> bool:
    """Whether the house asks for a new password from time to time and this one's time is over."""
    if not policy.value(ROTATION, group=user.group) or user.password_changed_at is None:
        return False
    return now - user.password_changed_at >= policy.duration(ROTATION_DAYS, group=user.group)
