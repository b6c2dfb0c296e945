"""Changing parameters."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.locking import lock_row
from kezhan.properties import api as properties

from .choices import Scope
from .models import ParameterValue, Stamp
from .parameters import PARAMETERS, Parameter
from .rules import NotThatKind, in_bounds
from .snapshot import forget_checked
from .words import hard_bounds, words


class OutsideLaw(DomainError):
    code = "policy.outside_law"
    message = _("“%(label)s”不能设为 %(value)s：允许范围是 %(bounds)s。")
    unlock = _("依据：%(citation)s。可以更严，不能更宽。")
    status = 422


class InThePast(DomainError):
    code = "policy.in_the_past"
    message = _("生效日期 %(effective)s 早于营业日 %(today)s，已经过去的日子不能改。")
    unlock = _("请选择营业日当天或以后的日期。")
    status = 422


class ScopeNotOffered(DomainError):
    code = "policy.scope_not_offered"
    message = _("“%(label)s”不能在这一级单独设置。")
    status = 422


@transaction.atomic
def set_value(
    key: str,
    value: Any,
    *,
    effective_date: date,
    today: date,
    reason: str,
    actor: Actor,
    now: datetime,
    group: properties.Group | None = None,
    property: properties.Property | None = None,
    department: str = "",
    approval_ref: str = "",
) -> ParameterValue:
    """Give a parameter a value from a business date on, for a group, a property or one of its departments.

    `today` is the business date: an earlier `effective_date` is refused. `value=None` gives the scope's own value up,
    so that the next wider one counts again. A second value for the same date supersedes the first; nothing is
    overwritten. Raises InvalidInput, OutsideLaw, InThePast, ScopeNotOffered.
    """
    parameter = PARAMETERS.get(key)
    group_id, scope, scope_key = _scope(group, property, department)
    plain = _checked(parameter, value, scope, effective_date, today, reason)
    stamp = _lock_stamp(group_id)
    where = {"parameter": key, "scope": scope, "scope_key": scope_key}
    before = _last(group_id, where, effective_date)
    same_day = before if before is not None and before.effective_date == effective_date else None
    row = ParameterValue.objects.create(
        group_id=group_id, effective_date=effective_date, value=plain, **where,
        revision=same_day.revision + 1 if same_day else 0, supersedes=same_day,
        recorded_at=now, actor_kind=actor.kind, actor_id=actor.id[:64], actor_name=actor.name[:120],
        reason=reason.strip(), approval_ref=approval_ref,
    )  # fmt: skip
    stamp.word, stamp.changed_at = secrets.token_hex(8), now
    stamp.save(update_fields=["word", "changed_at"])
    forget_checked()
    audit.record(
        "policy.value_set", actor=actor, subject=row, at=now, group_id=group_id,
        property_id=property.pk if property is not None else None,
        before={"value": before.value if before else None}, after={"value": plain}, reason=reason,
        facts={"parameter": key, "scope": scope, "scope_key": scope_key, "effective_date": effective_date},
    )  # fmt: skip
    return row


def _scope(
    group: properties.Group | None, place: properties.Property | None, department: str
) -> tuple[int, str, str]:
    if place is not None:
        if department:
            return place.group_id, Scope.DEPARTMENT, f"{place.code}/{department}"
        return place.group_id, Scope.PROPERTY, place.code
    if group is None or department:
        raise TypeError("a value needs a group, or a property with or without a department")
    return group.pk, Scope.GROUP, ""


def _checked(parameter: Parameter, value: Any, scope: str, effective: date, today: date, reason: str) -> Any:
    """The value as JSON, after every refusal."""
    if scope not in parameter.scopes:
        raise ScopeNotOffered(label=parameter.label)
    if effective < today:
        raise InThePast(effective=effective.isoformat(), today=today.isoformat())
    if not reason.strip() or len(reason.strip()) > 500:
        raise InvalidInput(fields={"reason": _("请写明原因，最多 500 字。")})
    if value is None:
        return None
    try:
        plain = parameter.plain(value)
        typed = parameter.typed(plain)
    except NotThatKind as error:
        raise InvalidInput(fields={"value": _("这个值读不懂，请按说明填写。")}) from error
    if not in_bounds(typed, parameter.hard_min, parameter.hard_max):
        raise OutsideLaw(
            label=parameter.label,
            value=words(parameter, typed),
            bounds=hard_bounds(parameter),
            citation=parameter.citation,
        )
    if isinstance(typed, int | Decimal) and typed < 0:
        raise InvalidInput(fields={"value": _("不能小于零。")})
    return plain


def _lock_stamp(group_id: int) -> Stamp:
    """The group's stamp, locked: two changes of one group take turns. Its row is made by the first change."""
    Stamp.objects.bulk_create([Stamp(group_id=group_id)], ignore_conflicts=True)
    return lock_row(Stamp.objects.filter(pk=group_id))


def _last(group_id: int, where: dict[str, Any], effective: date) -> ParameterValue | None:
    rows = ParameterValue.objects.of(group_id).filter(**where, effective_date__lte=effective)
    return rows.order_by("-effective_date", "-revision").first()
