"""Closing the three ledgers of a business day: opening + activity = closing, proved two ways, then frozen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import Ledger
from kezhan.billing.models import LedgerDay
from kezhan.billing.queries import day_sums, last_closings, standing_sums
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError
from kezhan.core.operation import operation
from kezhan.hotel import api as hotel


class LedgerDoesNotBalance(DomainError):
    code = "billing.ledger_does_not_balance"
    message = _("%(ledger)s在 %(business_date)s 不平：应为 %(expected)s，实际为 %(found)s。")
    unlock = _("请不要继续夜审，联系系统管理员核对该日的入账明细。")


@operation
def close_ledger_day(*, place: Any, business_date: date, actor: Actor, now: datetime) -> list[LedgerDay]:
    """Freeze the ledgers of the open business date; from then on nothing is posted with that date.

    Repeated for a closed date: compares what is frozen with the postings and returns it. Raises LedgerDoesNotBalance
    when two ways of adding up differ, hotel.NotTheOpenDate for a date that is neither closed nor open.
    """
    open_date = hotel.lock_business_date(place.pk)
    frozen = list(LedgerDay.objects.of(place).filter(business_date=business_date).order_by("id"))
    sums = day_sums(place, business_date)
    if frozen:
        for row in frozen:
            _require_equal(row.ledger, business_date, row.activity, sums[row.ledger][0])
        return frozen
    if business_date != open_date:
        raise hotel.NotTheOpenDate(asked=business_date, business_date=open_date)
    opening, standing = last_closings(place, business_date), standing_sums(place)
    rows = [
        LedgerDay(
            property=place,
            business_date=business_date,
            ledger=ledger,
            opening=opening[ledger],
            activity=sums[ledger][0],
            closing=opening[ledger] + sums[ledger][0],
            postings=sums[ledger][1],
            closed_at=now,
        )
        for ledger in Ledger.values
    ]
    for row in rows:
        _require_equal(row.ledger, business_date, standing[row.ledger], row.closing)
    LedgerDay.objects.bulk_create(rows)
    audit.record(
        "billing.ledger_day_closed",
        actor=actor,
        subject=place,
        at=now,
        property_id=place.pk,
        group_id=place.group_id,
        facts={"business_date": business_date, **{str(row.ledger): row.closing for row in rows}},
    )
    return rows


def _require_equal(ledger: str, business_date: date, expected: Decimal, found: Decimal) -> None:
    if expected != found:
        raise LedgerDoesNotBalance(
            ledger=Ledger(ledger).label, business_date=business_date, expected=expected, found=found
        )
