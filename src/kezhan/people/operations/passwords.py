"""Passwords and second steps: one's own, and those an administrator has to replace."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_failures
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError
from kezhan.core.ids import ALPHABET
from kezhan.core.locking import lock_row
from kezhan.people.models import PasswordHistory, User

from . import guards

ONE_TIME_LENGTH = 14
# The longest memory a house may ask for (`staff_password_history`); older hashes are of no use to anybody.
KEPT_PASSWORDS = 24


class HasLeft(DomainError):
    code = "people.has_left"
    message = _("%(name)s 已经离职。")


def new_one_time_password() -> str:
    """Random, and easy to read aloud: no letter that looks like a digit."""
    return "".join(secrets.choice(ALPHABET) for _number in range(ONE_TIME_LENGTH))


@transaction.atomic
def change_password(*, user_id: int, password: str, actor: Actor, now: datetime) -> User:
    """Set one's own new password, already checked by the validators. All other sessions end with the old one."""
    user = lock_row(User.objects.filter(pk=user_id))
    _store(user, password, must_change=False, now=now)
    audit.record("people.password_changed", actor=actor, subject=user, at=now)
    return user


@transaction.atomic
def give_one_time_password(*, user_id: int, actor: Actor, now: datetime) -> str:
    """A new password that must be changed at once; the person's sessions end and their lock-out is lifted.

    Raises HasLeft, BeyondYourOwn.
    """
    user = lock_row(User.objects.filter(pk=user_id))
    if user.left_date is not None:
        raise HasLeft(name=user.name)
    if not guards.is_self(actor, user.pk):
        guards.refuse_over_the_head(actor, user, now)
    password = new_one_time_password()
    _store(user, password, must_change=True, now=now)
    forget_failures(username=user.username)
    audit.record("people.password_reset", actor=actor, subject=user, at=now)
    return password


@transaction.atomic
def require_new_password(*, user_id: int, actor: Actor, now: datetime) -> None:
    """The password has become too old: the person must choose another before anything else."""
    user = lock_row(User.objects.filter(pk=user_id))
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    audit.record("people.password_expired", actor=actor, subject=user, at=now)


@transaction.atomic
def remove_second_step(*, user_id: int, actor: Actor, now: datetime, reason: str) -> None:
    """Forget a lost telephone or key. Raises NotForYourself, BeyondYourOwn."""
    user = lock_row(User.objects.filter(pk=user_id))
    guards.refuse_self(actor, user.pk)
    guards.refuse_over_the_head(actor, user, now)
    Authenticator.objects.filter(user_id=user.pk).delete()
    audit.record("people.second_step_removed", actor=actor, subject=user, at=now, reason=reason)


def _store(user: User, password: str, *, must_change: bool, now: datetime) -> None:
    if user.has_usable_password():
        PasswordHistory.objects.create(group_id=user.group_id, user=user, password=user.password, set_at=now)
        kept = user.former_passwords.order_by("-set_at", "-pk").values_list("pk", flat=True)[:KEPT_PASSWORDS]
        user.former_passwords.exclude(pk__in=list(kept)).delete()
    user.password = make_password(password)
    user.must_change_password = must_change
    user.password_changed_at = now
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
