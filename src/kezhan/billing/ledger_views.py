"""账务: the folios of the house, and the three ledgers day by day with the rows behind each number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kezhan.core.door import requires
from kezhan.core.errors import NotFound
from kezhan.core.tables import Column, Listing
from kezhan.core.xlsx import workbook_response
from kezhan.hotel import api as hotel

from . import queries
from .bill import charge_words
from .choices import FolioStatus, Ledger, Tender
from .models import Folio, Posting

# The door sets `property`, the middlewares `actor` and `htmx`: no class of Django's has them.
Request = Any
DAYS_SHOWN = 14


@require_safe
@requires("billing.read")
def ledgers(request: Request) -> HttpResponse | FileResponse:
    """Opening, activity and closing of each ledger: the open day as it stands, closed days as they were frozen."""
    today = hotel.business_date(request.property)
    last = _asked_day(request.GET.get("to", ""), today)
    first = last - timedelta(days=DAYS_SHOWN - 1)
    lines = queries.open_day(request.property, today) if last == today else []
    lines += queries.ledger_days(request.property, first, last + timedelta(days=1))
    if request.GET.get("export") == "xlsx":
        return _ledgers_workbook(lines)
    days: dict[date, list[queries.LedgerLine]] = {}
    for line in lines:
        days.setdefault(line.business_date, []).append(line)
    context = {
        "days": days.items(),
        "today": today,
        "last": last,
        "older": (first - timedelta(days=1)).isoformat() if days else "",
        "newer": min(last + timedelta(days=DAYS_SHOWN), today).isoformat() if last < today else "",
    }
    return render(request, "billing/ledgers.html", context)


def _asked_day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


def _ledgers_workbook(lines: list[queries.LedgerLine]) -> FileResponse:
    heads = [_("营业日"), _("账别"), _("期初"), _("本日发生"), _("期末"), _("笔数"), _("已关账")]
    rows = [
        (
            line.business_date, str(line.label), line.opening, line.activity, line.closing, line.postings,
            line.closed,
        )
        for line in lines
    ]  # fmt: skip
    return workbook_response(_("三账平衡"), heads, rows)


def _item(row: Posting) -> str:
    return charge_words(row, get_language() == "en")


def _tender(row: Posting) -> Any:
    return Tender(row.tender).label if row.tender else ""


POSTING_COLUMNS = [
    Column("line", gettext_lazy("序号"), sort=("line",), kind="number"),
    Column("posted_at", gettext_lazy("时间"), kind="moment"),
    Column("folio", gettext_lazy("账单"), "folio.number"),
    Column("item", gettext_lazy("项目"), _item),
    Column("tender", gettext_lazy("方式"), _tender),
    Column("text", gettext_lazy("说明"), lambda row: row.reason or row.text, kind="long"),
    Column("who", gettext_lazy("经办"), "actor_name"),
    Column("tax", gettext_lazy("其中税额"), kind="money"),
    Column("amount", gettext_lazy("金额"), kind="money"),
]


@require_safe
@requires("billing.read")
def ledger_rows(request: Request, day: str, ledger: str) -> HttpResponse | FileResponse:
    """The postings behind one number."""
    try:
        business_date = date.fromisoformat(day)
    except ValueError:
        raise NotFound() from None
    if ledger not in Ledger.values:
        raise NotFound()
    rows = queries.postings_of_day(request.property, business_date, ledger)
    numbered = rows.annotate(line=Window(RowNumber(), order_by=F("id").asc()))
    label = Ledger(ledger).label
    listing = Listing(request, numbered, POSTING_COLUMNS, sort="line", name=f"{label} {day}")
    if listing.wants_export:
        return listing.export()
    context = {"listing": listing, "ledger": label, "business_date": business_date}
    return render(request, "billing/ledger_rows.html", context)


FOLIO_COLUMNS = [
    Column("number", gettext_lazy("账单"), sort=("number",)),
    Column("guest", gettext_lazy("住客"), lambda row: row.guest or row.label),
    Column("label", gettext_lazy("账单摘要")),
    Column(
        "opened", gettext_lazy("开账日期"), "opened_business_date", ("opened_business_date", "number"), "date"
    ),
    Column("owed", gettext_lazy("余额"), lambda row: row.stands.guest, kind="money"),
    Column("deposit", gettext_lazy("在押押金"), lambda row: row.stands.deposit, kind="money"),
    Column("status", gettext_lazy("状态"), "get_status_display"),
]


class FolioListing(Listing):
    """Folios with what they stand at: one query more for a page, one a thousand rows for the export."""

    @property
    def rows(self) -> list[Folio]:
        found = super().rows
        stands = queries.balances([row.pk for row in found])
        for row in found:
            row.stands = stands[row.pk]
        return found

    def _ordered(self, backwards: bool = False) -> Any:
        rows = super()._ordered(backwards)
        return _WithBalances(rows) if self.wants_export else rows


class _WithBalances:
    """A queryset whose rows come with their balances, a thousand at a time."""

    def __init__(self, rows: Any) -> None:
        self.source = rows

    def iterator(self, chunk_size: int) -> Any:
        handful: list[Folio] = []
        for row in self.source.iterator(chunk_size=chunk_size):
            handful.append(row)
            if len(handful) == 1000:
                yield from self._filled(handful)
                handful = []
        yield from self._filled(handful)

    def _filled(self, rows: list[Folio]) -> list[Folio]:
        stands = queries.balances([row.pk for row in rows])
        for row in rows:
            row.stands = stands[row.pk]  # type: ignore[attr-defined]
        return rows


@require_safe
@requires("billing.read")
def folios(request: Request) -> HttpResponse | FileResponse:
    """Open folios (or closed ones), found by number, label or the guest's name."""
    status = request.GET.get("status", FolioStatus.OPEN)
    status = status if status in FolioStatus.values else FolioStatus.OPEN
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = Folio.objects.of(request.property).filter(status=status).select_related("guest")
    if text:
        rows = rows.filter(
            Q(number__iexact=text) | Q(label__icontains=text) | Q(guest__name__startswith=text)
        )
    listing = FolioListing(request, rows, FOLIO_COLUMNS, sort="-opened", name=_("账单"))
    if listing.wants_export:
        return listing.export()
    context = {"listing": listing, "status": status, "text": text, "statuses": FolioStatus.choices}
    return render(request, "billing/folios.html", context)
