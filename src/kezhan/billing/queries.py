"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from kezhan.core.errors import NotFound
from kezhan.core.money import ZERO, round_money

from .choices import DepositStatus, FolioStatus, Ledger
from .models import ChargeCode, Deposit, Folio, LedgerDay, Posting
from .rules import Balance


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A ledger on a business date: frozen when `closed`, else as it stands now."""

    business_date: date
    ledger: str
    opening: Decimal
    activity: Decimal
    closing: Decimal
    postings: int
    closed: bool

    @property
    def label(self) -> Any:
        return Ledger(self.ledger).label


def folio_by_number(place: Any, number: str) -> Folio:
    """Raises NotFound."""
    found = Folio.objects.of(place).select_related("guest", "property").filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def balance(folio_id: int) -> Balance:
    return balances([folio_id])[folio_id]


def balances(folio_ids: Iterable[int]) -> dict[int, Balance]:
    """What each folio stands at, in one query; a folio without lines is at nought."""
    wanted = list(folio_ids)
    sums: dict[int, dict[str, Decimal]] = {pk: {} for pk in wanted}
    rows = Posting.objects.filter(folio_id__in=wanted).order_by()
    for folio_id, ledger, total in rows.values_list("folio_id", "ledger").annotate(total=Sum("amount")):
        sums[folio_id][ledger] = round_money(total)
    return {
        pk: Balance(
            guest=found.get(Ledger.GUEST, ZERO),
            deposit=-found.get(Ledger.DEPOSIT, ZERO) or ZERO,
            city=found.get(Ledger.CITY, ZERO),
        )
        for pk, found in sums.items()
    }


def window_balances(folio_id: int) -> dict[int, Decimal]:
    """What is still owed in each window of a folio, by the window's number."""
    rows = Posting.objects.filter(folio_id=folio_id, ledger=Ledger.GUEST).order_by()
    sums = rows.values_list("window__number").annotate(total=Sum("amount"))
    return {number: round_money(total) for number, total in sums}


def unsettled(folio_id: int) -> bool:
    """Whether any window owes or is owed anything, or a deposit is still held; what went to the city ledger is settled."""
    rows = Posting.objects.filter(folio_id=folio_id).exclude(ledger=Ledger.CITY).order_by()
    sums = rows.values_list("window_id", "ledger").annotate(total=Sum("amount"))
    return any(round_money(total) != ZERO for _window, _ledger, total in sums)


def charge_codes(place: Any, on: date) -> list[ChargeCode]:
    """Codes in use on that day, the shipped ones first in their own order."""
    rows = ChargeCode.objects.of(place).filter(Q(retired_date__isnull=True) | Q(retired_date__gt=on))
    return list(rows.order_by("id"))


def day_is_closed(property_id: int, business_date: date) -> bool:
    return LedgerDay.objects.of(property_id).filter(business_date=business_date).exists()


def last_closings(place: Any, before: date) -> dict[str, Decimal]:
    """The closing amount of each ledger on the last closed day before a date; nought where there is none."""
    found = dict.fromkeys(Ledger.values, ZERO)
    rows = LedgerDay.objects.of(place).filter(business_date__lt=before)
    last = rows.order_by("-business_date").values_list("business_date", flat=True).first()
    if last is not None:
        found.update(rows.filter(business_date=last).values_list("ledger", "closing"))
    return found


def day_sums(place: Any, business_date: date) -> dict[str, tuple[Decimal, int]]:
    """Sum and number of the postings of a business date, for every ledger."""
    found = dict.fromkeys(Ledger.values, (ZERO, 0))
    rows = Posting.objects.of(place).filter(business_date=business_date).order_by()
    for ledger, total, lines in rows.values_list("ledger").annotate(total=Sum("amount"), lines=Count("id")):
        found[ledger] = (round_money(total), lines)
    return found


def standing_sums(place: Any) -> dict[str, Decimal]:
    """What the ledgers stand at, added up another way than by days: guests by open folios (closed ones are at nought),
    deposits by those held, companies by all their lines. Does not grow with the years behind.
    """
    city = Posting.objects.of(place).filter(ledger=Ledger.CITY).aggregate(total=Sum("amount"))
    held = Deposit.objects.of(place).filter(status=DepositStatus.HELD).aggregate(total=Sum("amount"))
    return {
        Ledger.GUEST: _owed_on_open_folios(place),
        Ledger.DEPOSIT: -round_money(held["total"] or ZERO) or ZERO,
        Ledger.CITY: round_money(city["total"] or ZERO),
    }


def _owed_on_open_folios(place: Any) -> Decimal:
    """By their ids in handfuls: a join here once took seconds where the tables were new and had no statistics."""
    folio_ids = list(Folio.objects.of(place).filter(status=FolioStatus.OPEN).values_list("pk", flat=True))
    total = ZERO
    for start in range(0, len(folio_ids), 2000):
        rows = Posting.objects.filter(folio_id__in=folio_ids[start : start + 2000], ledger=Ledger.GUEST)
        total += round_money(rows.aggregate(total=Sum("amount"))["total"] or ZERO)
    return total


def ledger_days(place: Any, first: date, end: date) -> list[LedgerLine]:
    """Closed days of [first, end), the newest first, ledgers in their order."""
    rows = LedgerDay.objects.of(place).filter(business_date__gte=first, business_date__lt=end)
    order = {ledger: n for n, ledger in enumerate(Ledger.values)}
    lines = [
        LedgerLine(row.business_date, row.ledger, row.opening, row.activity, row.closing, row.postings, True)
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.business_date.toordinal(), order[line.ledger]))


def open_day(place: Any, business_date: date) -> list[LedgerLine]:
    """The open business date as it stands now; empty once its ledgers are closed."""
    if day_is_closed(place.pk, business_date):
        return []
    opening, sums = last_closings(place, business_date), day_sums(place, business_date)
    return [
        LedgerLine(
            business_date, ledger, opening[ledger], sums[ledger][0], opening[ledger] + sums[ledger][0],
            sums[ledger][1], False,
        )
        for ledger in Ledger.values
    ]  # fmt: skip


def postings_of_day(place: Any, business_date: date, ledger: str) -> Any:
    """The rows behind a number of the ledgers page."""
    rows = Posting.objects.of(place).filter(business_date=business_date, ledger=ledger)
    return rows.select_related("folio", "charge_code", "reverses").order_by("id")
