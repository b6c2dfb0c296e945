"""Roles of a group: shipped ones, and those a hotel makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.locking import lock_row
from kezhan.core.rights import RIGHTS
from kezhan.people.models import Holding, Role, RoleRight
from kezhan.people.roles import SHIPPED, default_rights
from kezhan.properties.api import Group

from . import guards
from .structure import CodeTaken

_KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*\Z")


@transaction.atomic
def ship_roles(*, group: Group, actor: Actor, now: datetime) -> list[str]:
    """Give the group its shipped roles and the default rights they have not met yet; safe to run twice.

    Run when a group is made and after every upgrade. A right that the house took away does not come back. Returns
    what was granted, as "role:right".
    """
    granted: list[str] = []
    for key in SHIPPED:
        role, _made = Role.objects.get_or_create(group=group, key=key)
        new = sorted(default_rights(key) - set(role.defaults_seen))
        if not new:
            continue
        held = set(role.rights.values_list("right", flat=True))
        _insert_rights(role, [code for code in new if code not in held])
        role.defaults_seen = sorted({*role.defaults_seen, *new})
        role.save(update_fields=["defaults_seen"])
        granted += [f"{key}:{code}" for code in new]
    if granted:
        audit.record(
            "people.roles_shipped", actor=actor, subject=group, at=now, group_id=group.pk,
            after={"granted": granted}, facts={"count": len(granted)},
        )  # fmt: skip
    return granted


@transaction.atomic
def make_role(*, group: Group, key: str, name: str, actor: Actor, now: datetime, name_en: str = "") -> Role:
    """A role of the hotel's own, still without rights. Raises InvalidInput, CodeTaken."""
    key = key.strip().lower()
    if len(key) > 48 or not _KEY.match(key):
        raise InvalidInput(fields={"key": _("代码只用小写字母、数字和下划线。")})
    if not name.strip():
        raise InvalidInput(fields={"name": _("请填写名称。")})
    role, made = Role.objects.get_or_create(
        group=group, key=key, defaults={"name": name.strip(), "name_en": name_en.strip()}
    )
    if not made:
        raise CodeTaken(code=key)
    audit.record("people.role_made", actor=actor, subject=role, at=now, facts={"key": key})
    return role


@transaction.atomic
def change_role(
    *,
    role_id: int,
    name: str,
    name_en: str,
    rights: Iterable[str],
    requires_mfa: bool,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Role:
    """Rename a role, set its rights and whether it asks for a second step. Felt at everybody's next request.

    Raises InvalidInput for an unknown right, NotForYourself when one would gain, BeyondYourOwn, LastAdministrator.
    """
    role = lock_row(Role.objects.filter(pk=role_id))
    wanted = set(rights)
    before = set(role.rights.values_list("right", flat=True))
    _check_rights(role, wanted - before, actor, now)
    with guards.keeping_an_administrator(role.group_id, now):
        role.name, role.name_en, role.requires_mfa = name.strip(), name_en.strip(), requires_mfa
        role.save(update_fields=["name", "name_en", "requires_mfa"])
        role.rights.exclude(right__in=wanted).delete()
        _insert_rights(role, sorted(wanted - before))
    audit.record(
        "people.role_changed", actor=actor, subject=role, at=now, reason=reason,
        before={"rights": sorted(before)}, after={"rights": sorted(wanted)},
        facts={"added": sorted(wanted - before), "removed": sorted(before - wanted), "mfa": requires_mfa},
    )  # fmt: skip
    return role


def _check_rights(role: Role, added: set[str], actor: Actor, now: datetime) -> None:
    unknown = sorted(code for code in added if code not in RIGHTS)
    if unknown:
        raise InvalidInput(fields={"rights": _("没有这项权限：%s。") % ", ".join(unknown)})
    if added and actor.kind == "USER" and _holds(role, actor, now):
        raise guards.NotForYourself()
    guards.refuse_beyond_own(actor, added, None, now)


def _holds(role: Role, actor: Actor, now: datetime) -> bool:
    return (
        Holding.objects.of(role.group_id)
        .filter(Q(ends_date__isnull=True) | Q(ends_date__gt=now.date()), user_id=actor.id, post__roles=role)
        .exists()
    )


def _insert_rights(role: Role, codes: list[str]) -> None:
    RoleRight.objects.bulk_create(RoleRight(group_id=role.group_id, role=role, right=code) for code in codes)
