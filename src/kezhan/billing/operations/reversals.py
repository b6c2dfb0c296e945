"""A mistake is not changed: a second line undoes the first, and both stay to be seen."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing.choices import PostingKind
from kezhan.billing.models import Posting
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput, NotFound
from kezhan.core.operation import operation

from .deposits import SETTLING, reverse_line, void_deposit
from .lines import open_book


class AlreadyReversed(DomainError):
    code = "billing.already_reversed"
    message = _("这一笔已经冲销过了。")
    unlock = _("如果冲错了，请重新入账。")


class CannotReverse(DomainError):
    code = "billing.cannot_reverse"
    message = _("这一行不能单独冲销：%(why)s")


@operation
def reverse_posting(*, posting_id: int, reason: str, actor: Actor, now: datetime) -> Posting:
    """Undo a line by a second one on today's business date, with the reason; the other half of a double line goes with
    it. A frozen day does not change. Raises NotFound, InvalidInput, AlreadyReversed, CannotReverse, DepositNotHeld,
    FolioIsClosed, DayIsClosed.
    """
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明冲销原因。")})
    posting = Posting.objects.filter(pk=posting_id).select_related("charge_code").first()
    if posting is None:
        raise NotFound()
    book = open_book(posting.folio_id, actor, now)
    _guard(posting)
    if posting.kind == PostingKind.DEPOSIT_TAKEN:
        void_deposit(book, posting)
    reversal = reverse_line(book, posting, reason)
    other_half = Posting.objects.filter(counterpart=posting).first()
    if other_half is not None:
        reverse_line(book, other_half, reason)
    audit.record(
        "billing.posting_reversed", actor=actor, subject=book.folio, at=now, reason=reason.strip(),
        facts={
            "kind": str(posting.kind), "amount": posting.amount, "posted_on": posting.business_date,
            "business_date": book.day, "code": posting.charge_code.code if posting.charge_code else "",
            "tender": str(posting.tender),
        },
    )  # fmt: skip
    return reversal


def _guard(posting: Posting) -> None:
    if posting.reverses_id is not None:
        raise CannotReverse(why=_("它本身就是冲销，请重新入账。"))
    if Posting.objects.filter(reverses=posting).exists():
        raise AlreadyReversed()
    if posting.kind in SETTLING:
        raise CannotReverse(why=_("请撤销整笔押金退还。"))
    if posting.counterpart_id is not None:
        raise CannotReverse(why=_("它是一笔双边账的另一半，请冲销那一笔付款。"))
