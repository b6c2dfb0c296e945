"""押金: taken as a liability, returned in full unless a charge and a reason stand against it (S-3.1(4)b)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import DepositStatus, Ledger, PostingKind, Tender
from kezhan.billing.models import Deposit, Posting
from kezhan.billing.queries import balance
from kezhan.billing.rules import reason_is_needed
from kezhan.core import ids
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput, NotFound
from kezhan.core.locking import lock_row
from kezhan.core.money import ZERO
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.policy import api as policy

from .lines import Book, open_book, posted_before, require_money
from .payments import require_tender

_NUMBER_LENGTH = 8
_SETTLEMENT = ["status", "settled_at", "settled_business_date", "reason", "returned_amount", "applied_amount"]
SETTLING = (PostingKind.DEPOSIT_RETURNED, PostingKind.DEPOSIT_APPLIED)


class DepositNotHeld(DomainError):
    code = "billing.deposit_not_held"
    message = _("押金 %(number)s 已经处理过了。")
    unlock = _("请刷新页面查看它的去向。")


class DepositNotSettled(DomainError):
    code = "billing.deposit_not_settled"
    message = _("押金 %(number)s 仍在押，没有可撤销的退还。")


class NotCoveredByCharges(DomainError):
    code = "billing.not_covered_by_charges"
    message = _("要抵扣 %(deduct)s，但账单上只欠 %(owed)s。")
    unlock = _("押金只能抵扣已入账的消费或赔偿：先把项目入账，再抵扣；否则应全额退还。")
    clause = "S-3.1(4)b"


@operation
def take_deposit(
    *, folio_id: int, amount: Decimal, tender: str, actor: Actor, now: datetime, source_key: str | None = None
) -> Deposit:
    """Take a deposit into window 1. Under a `source_key` once: repeated, the first deposit is returned.

    Raises NotFound, InvalidInput, FolioIsClosed, DayIsClosed, KeyUsed.
    """
    money = require_money(amount)
    require_tender(tender)
    if tender == Tender.CITY_LEDGER:
        raise InvalidInput(fields={"tender": _("押金不能挂账。")})
    book = open_book(folio_id, actor, now)
    known = posted_before(
        book.folio, source_key, tender=tender, amount=-money, kind=PostingKind.DEPOSIT_TAKEN
    )
    if known is not None:
        return _deposit_of(known)
    deposit = Deposit.objects.create(
        property_id=book.folio.property_id,
        folio=book.folio,
        number=ids.number("D", book.day, _NUMBER_LENGTH),
        amount=money,
        currency=book.folio.currency,
        tender=tender,
        taken_at=now,
        taken_business_date=book.day,
    )
    book.line(
        window=book.window(1),
        ledger=Ledger.DEPOSIT,
        kind=PostingKind.DEPOSIT_TAKEN,
        tender=tender,
        amount=-money,
        deposit=deposit,
        source_key=source_key or None,
    )
    facts = {"amount": money, "tender": str(tender), "business_date": book.day, "folio": book.folio.number}
    audit.record("billing.deposit_taken", actor=actor, subject=deposit, at=now, facts=facts)
    return deposit


@operation
def settle_deposit(
    *,
    deposit_id: int,
    tender: str,
    actor: Actor,
    now: datetime,
    deduct: Decimal = ZERO,
    reason: str = "",
) -> Deposit:
    """Return a held deposit; in full unless `deduct` is applied to what the guest owes, which needs a reason.

    `tender` says how the rest goes back. Raises NotFound, DepositNotHeld, NotCoveredByCharges, InvalidInput,
    FolioIsClosed, DayIsClosed.
    """
    deduct = require_money(deduct, above=None, field="deduct")
    require_tender(tender)
    book, deposit = _lock_deposit(deposit_id, actor, now)
    if deposit.status != DepositStatus.HELD:
        raise DepositNotHeld(number=deposit.number)
    _guard_deduction(book, deposit, deduct, reason)
    if deduct:
        _apply(book, deposit, deduct, reason)
    returned = deposit.amount - deduct
    if returned:
        _give_back(book, deposit, returned, tender)
    deposit.status = DepositStatus.SETTLED if deduct else DepositStatus.RETURNED
    deposit.settled_at, deposit.settled_business_date, deposit.reason = now, book.day, reason.strip()[:200]
    deposit.returned_amount, deposit.applied_amount = returned, deduct
    update(deposit, *_SETTLEMENT)
    audit.record(
        "billing.deposit_settled", actor=actor, subject=deposit, at=now, reason=reason.strip(),
        facts={"returned": returned, "applied": deduct, "tender": str(tender), "business_date": book.day},
    )  # fmt: skip
    return deposit


@operation
def undo_deposit_settlement(*, deposit_id: int, reason: str, actor: Actor, now: datetime) -> Deposit:
    """Take back a settlement made by mistake: its lines are reversed today and the deposit is held again.

    Raises NotFound, DepositNotSettled, InvalidInput, FolioIsClosed, DayIsClosed.
    """
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明撤销原因。")})
    book, deposit = _lock_deposit(deposit_id, actor, now)
    if deposit.status not in (DepositStatus.RETURNED, DepositStatus.SETTLED):
        raise DepositNotSettled(number=deposit.number)
    lines = Posting.objects.filter(deposit=deposit, kind__in=SETTLING, reverses__isnull=True)
    for line in lines.filter(reversed_by__isnull=True).order_by("id"):
        reverse_line(book, line, reason)
    deposit.status, deposit.settled_at, deposit.settled_business_date = DepositStatus.HELD, None, None
    deposit.reason, deposit.returned_amount, deposit.applied_amount = "", ZERO, ZERO
    update(deposit, *_SETTLEMENT)
    audit.record(
        "billing.deposit_settlement_undone", actor=actor, subject=deposit, at=now, reason=reason.strip(),
        facts={"business_date": book.day},
    )  # fmt: skip
    return deposit


def void_deposit(book: Book, posting: Posting) -> None:
    """The taking itself was a mistake: its line is reversed by the caller. Raises DepositNotHeld."""
    deposit = lock_row(Deposit.objects.filter(postings=posting))
    if deposit.status != DepositStatus.HELD:
        raise DepositNotHeld(number=deposit.number)
    deposit.status, deposit.settled_at, deposit.settled_business_date = (
        DepositStatus.VOIDED,
        book.now,
        book.day,
    )
    update(deposit, *_SETTLEMENT)


def _deposit_of(posting: Posting) -> Deposit:
    return Deposit.objects.get(postings=posting)


def reverse_line(book: Book, posting: Posting, reason: str) -> Posting:
    """The opposite of a line, on today's date, naming it and the reason."""
    return book.line(
        window_id=posting.window_id,
        ledger=posting.ledger,
        kind=posting.kind,
        charge_code_id=posting.charge_code_id,
        tender=posting.tender,
        amount=-posting.amount,
        tax=-posting.tax,
        service_date=posting.service_date,
        text=posting.text,
        reason=reason.strip()[:200],
        reverses=posting,
        deposit_id=posting.deposit_id,
    )


def _lock_deposit(deposit_id: int, actor: Actor, now: datetime) -> tuple[Book, Deposit]:
    folio_id = Deposit.objects.filter(pk=deposit_id).values_list("folio_id", flat=True).first()
    if folio_id is None:
        raise NotFound()
    return open_book(folio_id, actor, now), lock_row(Deposit.objects.filter(pk=deposit_id))


def _guard_deduction(book: Book, deposit: Deposit, deduct: Decimal, reason: str) -> None:
    if deduct < ZERO or deduct > deposit.amount:
        raise InvalidInput(
            fields={"deduct": _("抵扣金额必须在 0 到 %(amount)s 之间。") % {"amount": deposit.amount}}
        )
    percent = policy.value("deposit_refund_percent", property=book.folio.property, on=book.day)
    if reason_is_needed(deposit.amount, deduct, percent) and not reason.strip():
        raise InvalidInput(fields={"reason": _("押金没有全额退还时，请写明抵扣项目和原因。")})
    owed = balance(book.folio.pk).guest
    if deduct and deduct > owed:
        raise NotCoveredByCharges(deduct=deduct, owed=max(owed, ZERO))


def _apply(book: Book, deposit: Deposit, deduct: Decimal, reason: str) -> None:
    both = {
        "window": book.window(1),
        "kind": PostingKind.DEPOSIT_APPLIED,
        "deposit": deposit,
        "reason": reason.strip()[:200],
    }
    first = book.line(ledger=Ledger.GUEST, amount=-deduct, **both)
    book.line(ledger=Ledger.DEPOSIT, amount=deduct, counterpart=first, **both)


def _give_back(book: Book, deposit: Deposit, amount: Decimal, tender: str) -> None:
    if tender == Tender.CITY_LEDGER:
        raise InvalidInput(fields={"tender": _("退款不能选挂账。")})
    book.line(
        window=book.window(1),
        ledger=Ledger.DEPOSIT,
        kind=PostingKind.DEPOSIT_RETURNED,
        tender=tender,
        amount=amount,
        deposit=deposit,
    )
