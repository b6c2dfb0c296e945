"""Opening, splitting, closing and reopening a folio."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import FolioStatus
from kezhan.billing.models import Folio, FolioWindow
from kezhan.billing.queries import balance, unsettled
from kezhan.core import ids
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update

from .lines import hold_open_date, lock_folio, lock_open_folio

# Eight signs: drawn without asking the table, one clash in ten thousand years of a busy house.
_NUMBER_LENGTH = 8


class FolioNotSettled(DomainError):
    code = "billing.folio_not_settled"
    message = _("账单 %(number)s 还没有结清：余额 %(balance)s，在押押金 %(deposit)s。")
    unlock = _("收清余额（或退还多收的钱）并退还押金后，再关闭账单。")


@operation
def open_folio(
    *, place: Any, actor: Actor, now: datetime, guest: Any | None = None, label: str = ""
) -> Folio:
    """A new folio with window 1. Raises DayIsClosed."""
    day = hold_open_date(place.pk)
    folio = Folio(
        property=place,
        number=ids.number("F", day, _NUMBER_LENGTH),
        label=label.strip()[:120],
        guest=guest,
        currency=place.currency,
        opened_at=now,
        opened_business_date=day,
    )
    insert(folio)
    insert(FolioWindow(property=place, folio=folio, number=1))
    audit.record("billing.folio_opened", actor=actor, subject=folio, at=now, facts={"business_date": day})
    return folio


@operation
def add_window(*, folio_id: int, payee: str, actor: Actor, now: datetime) -> FolioWindow:
    """A further bill of the same folio. Raises FolioIsClosed, DayIsClosed."""
    folio, _day = lock_open_folio(folio_id)
    number = 1 + max(FolioWindow.objects.filter(folio=folio).values_list("number", flat=True), default=0)
    window = FolioWindow.objects.create(
        property_id=folio.property_id, folio=folio, number=number, payee=payee.strip()[:120]
    )
    audit.record("billing.window_added", actor=actor, subject=folio, at=now, facts={"window": number})
    return window


@operation
def close_folio(*, folio_id: int, actor: Actor, now: datetime) -> Folio:
    """Close a settled folio: every window at nought, no deposit held. Repeated: a no-op. Raises FolioNotSettled."""
    folio, day = lock_folio(folio_id)
    if folio.status == FolioStatus.CLOSED:
        return folio
    if unsettled(folio.pk):
        stands = balance(folio.pk)
        raise FolioNotSettled(number=folio.number, balance=stands.guest, deposit=stands.deposit)
    folio.status, folio.closed_at, folio.closed_business_date = FolioStatus.CLOSED, now, day
    update(folio, "status", "closed_at", "closed_business_date")
    audit.record("billing.folio_closed", actor=actor, subject=folio, at=now, facts={"business_date": day})
    return folio


@operation
def reopen_folio(*, folio_id: int, reason: str, actor: Actor, now: datetime) -> Folio:
    """Open a closed folio again, to correct it in today's business date. Repeated: a no-op. Raises InvalidInput."""
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明重新打开的原因。")})
    folio, day = lock_folio(folio_id)
    if folio.status == FolioStatus.OPEN:
        return folio
    folio.status, folio.closed_at, folio.closed_business_date = FolioStatus.OPEN, None, None
    update(folio, "status", "closed_at", "closed_business_date")
    audit.record(
        "billing.folio_reopened",
        actor=actor,
        subject=folio,
        at=now,
        reason=reason.strip(),
        facts={"business_date": day},
    )
    return folio
