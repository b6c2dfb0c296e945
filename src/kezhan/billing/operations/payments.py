"""Money that comes in, and credit that goes back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import Ledger, PostingKind, Tender
from kezhan.billing.models import FolioWindow, Posting
from kezhan.billing.queries import balance
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.money import ZERO
from kezhan.core.operation import operation

from .lines import Book, open_book, posted_before, require_money


class MoreThanCredit(DomainError):
    code = "billing.more_than_credit"
    message = _("最多只能退 %(credit)s，这是客人多付的金额。")
    unlock = _("如果是收错了款，请冲销那一笔付款。")
    status = 422


@operation
def take_payment(
    *,
    folio_id: int,
    tender: str,
    amount: Decimal,
    actor: Actor,
    now: datetime,
    window: int = 1,
    source_key: str | None = None,
    text: str = "",
) -> Posting:
    """Take a payment on the open business date. Under a `source_key` once: repeated, the first posting is returned.

    Tender CITY_LEDGER passes the amount on to the city ledger, as a second line; somebody must then be named (text, the
    window's payee or the folio's label). Raises NotFound, InvalidInput, FolioIsClosed, DayIsClosed, KeyUsed.
    """
    money = require_money(amount)
    require_tender(tender)
    book = open_book(folio_id, actor, now)
    if known := posted_before(book.folio, source_key, tender=tender, amount=-money):
        return known
    into = book.window(window)
    if tender == Tender.CITY_LEDGER:
        text = _debtor(book, into, text)
    posting = book.line(
        window=into,
        ledger=Ledger.GUEST,
        kind=PostingKind.PAYMENT,
        tender=tender,
        amount=-money,
        text=text.strip()[:160],
        source_key=source_key or None,
    )
    if tender == Tender.CITY_LEDGER:
        _pass_on(book, posting)
    _tell("billing.payment_taken", book, posting)
    return posting


@operation
def pay_back(
    *,
    folio_id: int,
    tender: str,
    amount: Decimal,
    reason: str,
    actor: Actor,
    now: datetime,
    window: int = 1,
    source_key: str | None = None,
) -> Posting:
    """Give back what a guest paid too much, never more. Raises MoreThanCredit, InvalidInput and as `take_payment`."""
    money = require_money(amount)
    require_tender(tender)
    if tender == Tender.CITY_LEDGER:
        raise InvalidInput(fields={"tender": _("退款不能选挂账。")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明退款原因。")})
    book = open_book(folio_id, actor, now)
    if known := posted_before(book.folio, source_key, tender=tender, amount=money):
        return known
    credit = max(-balance(book.folio.pk).guest, ZERO)
    if money > credit:
        raise MoreThanCredit(credit=credit)
    posting = book.line(
        window=book.window(window),
        ledger=Ledger.GUEST,
        kind=PostingKind.PAYMENT,
        tender=tender,
        amount=money,
        reason=reason.strip()[:200],
        source_key=source_key or None,
    )
    _tell("billing.credit_paid_back", book, posting, reason=reason.strip())
    return posting


def require_tender(tender: str) -> None:
    if tender not in Tender.values:
        raise InvalidInput(fields={"tender": _("请选择付款方式。")})


def _debtor(book: Book, window: FolioWindow, text: str) -> str:
    name = text.strip() or window.payee or book.folio.label
    if not name:
        raise InvalidInput(fields={"text": _("请写明挂账单位。")})
    return name


def _pass_on(book: Book, payment: Posting) -> None:
    book.line(
        window=payment.window,
        ledger=Ledger.CITY,
        kind=PostingKind.TRANSFER,
        amount=-payment.amount,
        text=payment.text,
        counterpart=payment,
    )


def _tell(verb: str, book: Book, posting: Posting, **more: Any) -> None:
    facts = {"tender": str(posting.tender), "amount": posting.amount, "business_date": book.day}
    audit.record(verb, actor=book.actor, subject=book.folio, at=book.now, facts=facts, **more)
