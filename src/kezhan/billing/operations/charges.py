"""Charges: one by a person or an outlet, hundreds by the night audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import ChargeKind, FolioStatus, Ledger, PostingKind
from kezhan.billing.models import ChargeCode, Folio, FolioWindow, Posting
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput, NotFound
from kezhan.core.locking import lock_rows
from kezhan.core.money import ZERO, split_tax
from kezhan.core.operation import operation

from .lines import Book, FolioIsClosed, hold_open_date, open_book, posted_before, require_money


class UnknownCode(DomainError):
    code = "billing.unknown_code"
    message = _("本店没有在用的入账代码 %(charge_code)s。")
    unlock = _("请改用列表里的代码。")
    status = 422


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A night of a room, as the audit posts it. Without a window it goes to the folio's first."""

    folio_id: int
    amount: Decimal
    service_date: date
    source_key: str
    window_id: int | None = None
    text: str = ""


@operation
def post_charge(
    *,
    folio_id: int,
    code: str,
    amount: Decimal,
    actor: Actor,
    now: datetime,
    text: str = "",
    service_date: date | None = None,
    source_key: str | None = None,
    window: int = 1,
) -> Posting:
    """Charge a folio, tax included, on the open business date. Under a `source_key` once: repeated, the first posting.

    An allowance is negative and says why. Raises NotFound, InvalidInput, UnknownCode, FolioIsClosed, DayIsClosed,
    KeyUsed.
    """
    money = require_money(amount, above=None)
    book = open_book(folio_id, actor, now)
    charge_code = _code(book.folio.property_id, code, book.day)
    if known := posted_before(book.folio, source_key, charge_code_id=charge_code.pk, amount=money):
        return known
    _refuse_odd_allowance(charge_code, money, text)
    posting = book.line(
        window=book.window(window),
        source_key=source_key or None,
        **_charge(charge_code, money, service_date or book.day, text),
    )
    _tell(book, posting, charge_code)
    return posting


def _tell(book: Book, posting: Posting, charge_code: ChargeCode) -> None:
    facts = {"code": charge_code.code, "amount": posting.amount, "business_date": book.day}
    audit.record("billing.charge_posted", actor=book.actor, subject=book.folio, at=book.now, facts=facts)


def _charge(charge_code: ChargeCode, amount: Decimal, service_date: date, text: str) -> dict[str, Any]:
    return {
        "ledger": Ledger.GUEST,
        "kind": PostingKind.CHARGE,
        "charge_code": charge_code,
        "amount": amount,
        "tax": split_tax(amount, charge_code.tax_rate)[1],
        "service_date": service_date,
        "text": text.strip()[:160],
    }


def _code(property_id: int, code: str, on: date) -> ChargeCode:
    rows = ChargeCode.objects.of(property_id).filter(Q(retired_date__isnull=True) | Q(retired_date__gt=on))
    found = rows.filter(code=code).first()
    if found is None:
        raise UnknownCode(charge_code=code)
    return found


def _refuse_odd_allowance(charge_code: ChargeCode, amount: Decimal, text: str) -> None:
    if charge_code.kind != ChargeKind.ALLOWANCE:
        return
    if amount >= ZERO:
        raise InvalidInput(fields={"amount": _("减免要记负数。")})
    if not text.strip():
        raise InvalidInput(fields={"text": _("请写明减免原因。")})


@operation
def post_room_charges(
    *, place: Any, lines: Sequence[ChargeLine], actor: Actor, now: datetime, code: str = "ROOM"
) -> int:
    """Post the nights of a whole house at once, each source key once; returns how many were new. One audit event.

    The folios are locked in order of their ids, so that a key seen as free stays free until we have posted.
    Raises NotFound, UnknownCode, FolioIsClosed (then nothing is posted), DayIsClosed.
    """
    day = hold_open_date(place.pk)
    charge_code = _code(place.pk, code, day)
    folios = _lock_open_folios(place, {line.folio_id for line in lines})
    windows = _windows(lines)
    keys = [line.source_key for line in lines]
    posted = set(Posting.objects.of(place).filter(source_key__in=keys).values_list("source_key", flat=True))
    fresh = {line.source_key: line for line in lines if line.source_key not in posted}
    drafts = [
        Book(folios[line.folio_id], day, actor, now).draft(
            window_id=windows[line.folio_id, line.window_id],
            source_key=line.source_key,
            **_charge(charge_code, require_money(line.amount, above=None), line.service_date, line.text),
        )
        for line in fresh.values()
    ]
    Posting.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=500)
    if drafts:
        audit.record(
            "billing.room_charges_posted",
            actor=actor,
            subject=place,
            at=now,
            property_id=place.pk,
            group_id=place.group_id,
            facts={
                "code": code,
                "business_date": day,
                "lines": len(drafts),
                "total": sum((draft.amount for draft in drafts), ZERO),
            },
        )
    return len(drafts)


def _lock_open_folios(place: Any, folio_ids: set[int]) -> dict[int, Folio]:
    rows = lock_rows(Folio.objects.of(place).filter(pk__in=folio_ids).order_by("id"))
    if len(rows) != len(folio_ids):
        raise NotFound()
    closed = [folio.number for folio in rows if folio.status != FolioStatus.OPEN]
    if closed:
        raise FolioIsClosed(number=closed[0])
    return {folio.pk: folio for folio in rows}


def _windows(lines: Sequence[ChargeLine]) -> dict[tuple[int, int | None], int]:
    """The window of each line, by (folio, window asked for); also proves that it belongs to that folio."""
    folio_ids = {line.folio_id for line in lines}
    found: dict[tuple[int, int | None], int] = {}
    rows = FolioWindow.objects.filter(folio_id__in=folio_ids).values_list("folio_id", "pk", "number")
    for folio_id, window_id, number in rows:
        found[folio_id, window_id] = window_id
        if number == 1:
            found[folio_id, None] = window_id
    if any((line.folio_id, line.window_id) not in found for line in lines):
        raise NotFound()
    return found
