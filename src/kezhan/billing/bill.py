"""The bill of a folio as a PDF, in Chinese or English: what was used, what was paid, what is left. A4."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kezhan.core.money import ZERO
from kezhan.core.pdf import Col, Paper
from kezhan.core.templatetags.kezhan import day, moment, money

from .choices import Ledger, PostingKind, Tender
from .models import Folio, Posting
from .queries import balance, window_balances
from .rules import SHIPPED_CODES


def bill_pdf(folio: Folio, language: str, *, now: datetime | None = None, window: int | None = None) -> bytes:
    """The whole folio, or one window of it. `language` is "zh-hans" or "en"; `now` is printed at the foot when given.

    A line and its reversal, which come to nothing, are both left out: a guest's bill shows what is owed, the folio page
    shows how it came about.
    """
    with translation.override(language):
        english = language == "en"
        lines = _lines(folio, window)
        paper = Paper(
            house=folio.property,
            title=_("账单"),
            number=folio.number,
            printed=moment(now, folio.property) if now else "",
            english=english,
        )
        paper.facts(_head(folio))
        _charges(paper, folio, [line for line in lines if line.kind == PostingKind.CHARGE], english)
        _payments(paper, folio, [line for line in lines if line.kind != PostingKind.CHARGE])
        _totals(paper, folio, lines, window)
        paper.signatures([_("客人签名"), _("收银员")])
        return paper.build()


def _lines(folio: Folio, window: int | None) -> list[Posting]:
    rows = folio.postings.select_related("charge_code").exclude(ledger=Ledger.CITY)
    if window is not None:
        rows = rows.filter(window__number=window)
    live = rows.filter(reverses__isnull=True, reversed_by__isnull=True)
    return list(live.order_by("service_date", "business_date", "id"))


def _head(folio: Folio) -> Iterable[tuple[Any, Any]]:
    guest = folio.guest
    yield _("住客"), (str(guest) if guest is not None else folio.label) or "—"
    if guest is not None and folio.label:
        yield _("账单摘要"), folio.label
    yield _("开账日期"), day(folio.opened_business_date, "year")
    if folio.closed_business_date:
        yield _("结账日期"), day(folio.closed_business_date, "year")
    yield _("币种"), folio.currency


def charge_words(line: Posting, english: bool) -> str:
    """What a line is called: the hotel's own words for its code, or those that are shipped."""
    code = line.charge_code
    if code is None:
        return str(PostingKind(line.kind).label)
    own = (english and code.name_en) or code.name
    shipped = SHIPPED_CODES.get(code.code)
    return str(own or (shipped.label if shipped else code.code))


def _charges(paper: Paper, folio: Folio, lines: list[Posting], english: bool) -> None:
    columns = [
        Col(_("日期"), 1.3),
        Col(_("项目"), 1.6),
        Col(_("说明"), 2.4),
        Col(_("其中税额"), 1.1, "right"),
        Col(_("金额"), 1.3, "right"),
    ]
    rows = [
        (
            day(line.service_date or line.business_date, "year"),
            charge_words(line, english),
            line.text,
            money(line.tax, folio.currency),
            money(line.amount, folio.currency),
        )
        for line in lines
    ]
    paper.heading(_("消费"))
    paper.table(columns, rows or [(_("没有消费"), "", "", "", "")])
    _tax(paper, folio, lines)


def _tax(paper: Paper, folio: Folio, lines: list[Posting]) -> None:
    """Prices include tax; how much of it at which rate."""
    sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in lines:
        part = sums[line.charge_code.tax_rate if line.charge_code else ZERO]
        part[0] += line.amount - line.tax
        part[1] += line.tax
    if not sums:
        return
    columns = [Col(_("税率")), Col(_("不含税金额"), 2, "right"), Col(_("税额"), 2, "right")]
    rows = [
        (f"{(rate * 100).normalize():f}%", money(net, folio.currency), money(tax, folio.currency))
        for rate, (net, tax) in sorted(sums.items())
    ]
    paper.table(columns, rows)


def _payments(paper: Paper, folio: Folio, lines: list[Posting]) -> None:
    if not lines:
        return
    columns = [Col(_("日期"), 1.3), Col(_("项目"), 1.6), Col(_("方式"), 1.4), Col(_("金额"), 1.3, "right")]
    rows = []
    for line in lines:
        # The two halves of an applied deposit say the same; the one in the guest's own ledger is printed.
        if line.kind == PostingKind.DEPOSIT_APPLIED and line.ledger == Ledger.DEPOSIT:
            continue
        tender = str(Tender(line.tender).label) if line.tender else ""
        label = str(PostingKind(line.kind).label)
        rows.append(
            (day(line.business_date, "year"), label, tender or line.text, money(-line.amount, folio.currency))
        )
    paper.heading(_("付款与押金"))
    paper.table(columns, rows)


def _totals(paper: Paper, folio: Folio, lines: list[Posting], window: int | None) -> None:
    charged = sum((line.amount for line in lines if line.kind == PostingKind.CHARGE), ZERO)
    stands = balance(folio.pk)
    owed = stands.guest if window is None else window_balances(folio.pk).get(window, ZERO)
    pairs = [
        (_("消费合计"), money(charged, folio.currency)),
        (_("已付"), money(charged - owed, folio.currency)),
    ]
    if stands.deposit and window in (None, 1):
        pairs.append((_("在押押金"), money(stands.deposit, folio.currency)))
    label = _("应退") if owed < ZERO else _("应付余额")
    paper.totals([*pairs, (label, money(abs(owed), folio.currency))])
