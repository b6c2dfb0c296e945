"""What every posting has in common: the date it gets, the folio it locks, the key it may be posted under once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.billing.choices import FolioStatus
from kezhan.billing.models import Folio, FolioWindow, Posting
from kezhan.billing.queries import day_is_closed
from kezhan.billing.rules import as_money
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput, NotFound
from kezhan.core.locking import lock_row
from kezhan.core.money import ZERO
from kezhan.core.operation import once
from kezhan.core.prepared import insert
from kezhan.hotel import api as hotel


class DayIsClosed(DomainError):
    code = "billing.day_is_closed"
    message = _("营业日 %(business_date)s 的账已经关闭，不能再入账。")
    unlock = _("夜审结束后会开启新的营业日，请稍候再试；更正请记在新的营业日。")


class FolioIsClosed(DomainError):
    code = "billing.folio_is_closed"
    message = _("账单 %(number)s 已经结清关闭。")
    unlock = _("如需更正，请先重新打开账单并写明原因。")


class KeyUsed(DomainError):
    code = "billing.key_used"
    message = _("这一笔已经用不同的内容提交过，没有再次入账。")
    unlock = _("请刷新页面，核对账单后重新填写。")


def hold_open_date(property_id: int) -> date:
    """The date new postings get: the open business date, held so that the roll waits. Raises DayIsClosed between the
    closing of the ledgers and the roll, when the date is still open but its sums are frozen.
    """
    day = hotel.hold_business_date(property_id)
    if once(("billing.closed", property_id, day), lambda: day_is_closed(property_id, day)):
        raise DayIsClosed(business_date=day)
    return day


def lock_folio(folio_id: int) -> tuple[Folio, date]:
    """Hold the business date, then lock the folio. Raises NotFound, DayIsClosed."""
    return once(("billing.folio", folio_id), lambda: _lock_folio(folio_id))


def _lock_folio(folio_id: int) -> tuple[Folio, date]:
    rows = Folio.objects.filter(pk=folio_id)
    property_id = rows.values_list("property_id", flat=True).first()
    if property_id is None:
        raise NotFound()
    day = hold_open_date(property_id)
    return lock_row(rows.select_related("property")), day


def lock_open_folio(folio_id: int) -> tuple[Folio, date]:
    """As `lock_folio`, and refuses a closed one. Raises FolioIsClosed."""
    folio, day = lock_folio(folio_id)
    if folio.status != FolioStatus.OPEN:
        raise FolioIsClosed(number=folio.number)
    return folio, day


def require_money(amount: Any, *, above: Decimal | None = ZERO, field: str = "amount") -> Decimal:
    """The amount, two places, above a bound (None: any sign). Raises InvalidInput."""
    money = as_money(amount)
    if money is None:
        raise InvalidInput(fields={field: _("请填写金额，最多两位小数。")})
    if above is not None and money <= above:
        raise InvalidInput(fields={field: _("金额必须大于 %(bound)s。") % {"bound": above}})
    return money


def posted_before(folio: Folio, source_key: str | None, **same: Any) -> Posting | None:
    """The posting once made under this key. Raises KeyUsed when it said something else than is asked now."""
    if not source_key:
        return None
    known = Posting.objects.of(folio.property_id).filter(source_key=source_key).first()
    if known is None:
        return None
    if known.folio_id != folio.pk or any(getattr(known, name) != value for name, value in same.items()):
        raise KeyUsed()
    return known


@dataclass(frozen=True, slots=True)
class Book:
    """An open, locked folio on a held date, ready to be written in."""

    folio: Folio
    day: date
    actor: Actor
    now: datetime

    def window(self, number: int) -> FolioWindow:
        found = FolioWindow.objects.filter(folio=self.folio, number=number).first()
        if found is None:
            raise NotFound()
        return found

    def line(self, **what: Any) -> Posting:
        """One line; `what` are the fields that differ. A key used meanwhile on another folio raises KeyUsed."""
        posting = self.draft(**what)
        if not posting.source_key:
            insert(posting)
            return posting
        try:
            with transaction.atomic():
                insert(posting)
        except IntegrityError as error:
            if Posting.objects.of(self.folio.property_id).filter(source_key=posting.source_key).exists():
                raise KeyUsed() from error
            raise
        return posting

    def draft(self, **what: Any) -> Posting:
        return Posting(
            property_id=self.folio.property_id,
            folio=self.folio,
            business_date=self.day,
            posted_at=self.now,
            currency=self.folio.currency,
            actor_kind=self.actor.kind,
            actor_id=self.actor.id[:40],
            actor_name=self.actor.name[:80],
            **what,
        )


def open_book(folio_id: int, actor: Actor, now: datetime) -> Book:
    """Raises NotFound, DayIsClosed, FolioIsClosed."""
    folio, day = lock_open_folio(folio_id)
    return Book(folio, day, actor, now)
