"""What the folio page shows, put together without a query in the template."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from kezhan.core.errors import NotFound
from kezhan.core.money import ZERO

from .bill import charge_words
from .choices import DepositStatus, FolioStatus, Ledger, PostingKind, Tender
from .models import Deposit, Folio, Posting
from .operations.deposits import SETTLING
from .queries import balance, window_balances


@dataclass(slots=True)
class Line:
    """A line of the folio. `number` counts the folio's lines from one, never changes and stands in addresses."""

    number: int
    row: Posting
    words: str
    tender: Any
    reversed_by: int | None = None
    reverses: int | None = None

    @property
    def reversible(self) -> bool:
        untouched = self.reversed_by is None and self.reverses is None
        return untouched and self.row.counterpart_id is None and self.row.kind not in SETTLING


@dataclass(slots=True)
class WindowTab:
    number: int
    payee: str
    owed: Decimal
    lines: list[Line]


def lines_of(folio: Folio) -> list[Line]:
    english = get_language() == "en"
    rows = list(folio.postings.select_related("charge_code", "window").order_by("id"))
    lines = {
        row.pk: Line(number, row, charge_words(row, english), Tender(row.tender).label if row.tender else "")
        for number, row in enumerate(rows, start=1)
    }
    for line in lines.values():
        original = lines.get(line.row.reverses_id or 0)
        if original is not None:
            line.reverses, original.reversed_by = original.number, line.number
    return list(lines.values())


def line_of(folio: Folio, number: int) -> Line:
    """Raises NotFound."""
    found = next((line for line in lines_of(folio) if line.number == number), None)
    if found is None:
        raise NotFound()
    return found


def deposit_of(folio: Folio, number: str) -> Deposit:
    """Raises NotFound."""
    found = folio.deposits.filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def folio_page(folio: Folio, shown: int) -> dict[str, Any]:
    """Windows with their lines, deposits, balance; `shown` is the window looked at."""
    lines = lines_of(folio)
    owed = window_balances(folio.pk)
    tabs = [
        WindowTab(
            row.number,
            row.payee,
            owed.get(row.number, ZERO),
            [line for line in lines if line.row.window_id == row.pk and line.row.ledger == Ledger.GUEST],
        )
        for row in folio.windows.order_by("number")
    ]
    tab = next((tab for tab in tabs if tab.number == shown), tabs[0])
    stands = balance(folio.pk)
    return {
        "folio": folio,
        "tabs": tabs,
        "tab": tab,
        "window_query": f"?window={tab.number}",
        "money_lines": [line for line in lines if line.row.ledger != Ledger.GUEST],
        "deposits": list(folio.deposits.order_by("id")),
        "balance": stands,
        "credit": -stands.guest if stands.guest < ZERO else ZERO,
        "is_open": folio.status == FolioStatus.OPEN,
        "held": DepositStatus.HELD,
        "tenders": Tender.choices,
        "charge_kind": PostingKind.CHARGE,
    }
