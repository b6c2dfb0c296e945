"""The charge codes a house starts with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kezhan.audit import api as audit
from kezhan.billing.models import ChargeCode
from kezhan.billing.rules import SHIPPED_CODES
from kezhan.core.actor import Actor
from kezhan.core.operation import operation


@operation
def set_up_charge_codes(*, place: Any, actor: Actor, now: datetime) -> dict[str, ChargeCode]:
    """Make the shipped codes a house does not have yet; safe to repeat. Returns its codes by code."""
    known = set(ChargeCode.objects.of(place).values_list("code", flat=True))
    missing = [
        ChargeCode(property=place, code=code, kind=shipped.kind, tax_rate=shipped.tax_rate)
        for code, shipped in SHIPPED_CODES.items()
        if code not in known
    ]
    ChargeCode.objects.bulk_create(missing, ignore_conflicts=True)
    if missing:
        audit.record(
            "billing.charge_codes_set_up",
            actor=actor,
            subject=place,
            at=now,
            property_id=place.pk,
            group_id=place.group_id,
            facts={"codes": [row.code for row in missing]},
        )
    return {row.code: row for row in ChargeCode.objects.of(place).order_by("id")}
