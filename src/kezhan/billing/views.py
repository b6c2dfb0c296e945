"""账单: one folio, its lines and every step of money on it. Each step has its own right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kezhan.core import door, htmx, ids
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.core.money import ZERO
from kezhan.core.templatetags.kezhan import money
from kezhan.hotel import api as hotel

from . import forms, operations, pages, queries
from .bill import bill_pdf
from .choices import ChargeKind, FolioStatus
from .models import Folio

# The door sets `property`, the middlewares `actor` and `htmx`: no class of Django's has them.
Request = Any
METHODS = ["GET", "HEAD", "POST"]
RIGHTS = ("post", "take_payment", "reverse", "return_deposit")


@require_safe
@requires("billing.read")
def folio(request: Request, number: str) -> HttpResponse:
    """The folio; `?window=` says which bill of it."""
    found = queries.folio_by_number(request.property, number)
    asked = request.GET.get("window", "1")
    context = pages.folio_page(found, int(asked) if asked.isdecimal() and len(asked) < 6 else 1)
    context["may"] = {right: may(request, right) for right in RIGHTS}
    template = "billing/folio.html#lines" if htmx.is_htmx(request) else "billing/folio.html"
    return render(request, template, context)


@require_safe
@requires("billing.read")
def bill(request: Request, number: str, language: str) -> HttpResponse:
    """The bill as a PDF, to look at and print. `?window=` prints one bill of a split folio."""
    found = queries.folio_by_number(request.property, number)
    asked = request.GET.get("window", "")
    window = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    content = bill_pdf(found, language, now=timezone.now(), window=window)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


@require_http_methods(METHODS)
@requires("billing.post")
def charge(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    codes = queries.charge_codes(request.property, hotel.business_date(request.property))
    if not may(request, "reverse"):
        codes = [row for row in codes if row.kind != ChargeKind.ALLOWANCE]
    form = forms.ChargeForm(
        request.POST or None, codes=codes, windows=_windows(found), initial=_fresh(request)
    )
    return _answer(
        request, found, form, _("入账消费"),
        lambda: operations.post_charge(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("已入账。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.take_payment")
def pay(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    owed = queries.balance(found.pk).guest
    start = _fresh(request) | {
        "tender": request.GET.get("tender", ""),
        "amount": owed if owed > ZERO else None,
    }
    form = forms.PaymentForm(request.POST or None, windows=_windows(found), initial=start)
    return _answer(
        request, found, form, _("收款"),
        lambda: operations.take_payment(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("已收款。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.reverse")
def pay_back(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    credit = max(-queries.balance(found.pk).guest, ZERO)
    form = forms.PayBackForm(
        request.POST or None, windows=_windows(found), initial=_fresh(request) | {"amount": credit}
    )
    return _answer(
        request, found, form, _("退多收款"),
        lambda: operations.pay_back(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("已退款。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.take_payment")
def deposit(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    form = forms.DepositForm(request.POST or None, initial=_fresh(request))
    return _answer(
        request, found, form, _("收取押金"),
        lambda: operations.take_deposit(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("已收押金。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.return_deposit")
def settle(request: Request, number: str, deposit_number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    held = pages.deposit_of(found, deposit_number)
    form = forms.ReturnForm(request.POST or None, initial={"tender": held.tender, "deduct": ZERO})
    title = _("退还押金 %(amount)s") % {"amount": money(held.amount, held.currency)}
    return _answer(
        request, found, form, title,
        lambda: operations.settle_deposit(deposit_id=held.pk, **form.cleaned_data, **_by(request)),
        _("押金已处理。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.reverse")
def undo_settlement(request: Request, number: str, deposit_number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    settled = pages.deposit_of(found, deposit_number)
    form = forms.ReasonForm(request.POST or None)
    return _answer(
        request, found, form, _("撤销押金退还"),
        lambda: operations.undo_deposit_settlement(
            deposit_id=settled.pk, **form.cleaned_data, **_by(request)
        ),
        _("押金已恢复在押。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.reverse")
def reverse(request: Request, number: str, line: int) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    wrong = pages.line_of(found, line)
    form = forms.ReasonForm(request.POST or None)
    title = _("冲销第 %(line)s 行：%(words)s %(amount)s") % {
        "line": line, "words": wrong.words, "amount": money(wrong.row.amount, found.currency),
    }  # fmt: skip
    return _answer(
        request, found, form, title,
        lambda: operations.reverse_posting(posting_id=wrong.row.pk, **form.cleaned_data, **_by(request)),
        _("已冲销，记在今天的营业日。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.post")
def window(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    form = forms.WindowForm(request.POST or None)
    return _answer(
        request, found, form, _("新增账页"),
        lambda: operations.add_window(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("账页已建立。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.take_payment")
def close(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    form = forms.NothingForm(request.POST if request.method == "POST" else None)
    return _answer(
        request, found, form, _("结清并关闭账单"),
        lambda: operations.close_folio(folio_id=found.pk, **_by(request)),
        _("账单已关闭。"),
    )  # fmt: skip


@require_http_methods(METHODS)
@requires("billing.reverse")
def reopen(request: Request, number: str) -> HttpResponse:
    found = queries.folio_by_number(request.property, number)
    form = forms.ReasonForm(request.POST or None)
    return _answer(
        request, found, form, _("重新打开账单"),
        lambda: operations.reopen_folio(folio_id=found.pk, **form.cleaned_data, **_by(request)),
        _("账单已重新打开。"),
    )  # fmt: skip


def may(request: Request, right: str) -> bool:
    return door.resolver().holds(request, f"billing.{right}", request.property)


def _windows(found: Folio) -> list[Any]:
    return list(found.windows.order_by("number"))


def _fresh(request: Request) -> dict[str, Any]:
    """A form opened now has a key of its own; sent twice it counts once."""
    asked = request.GET.get("window", "1")
    return {"source_key": f"form:{ids.new_token()}", "window": asked if asked.isdecimal() else "1"}


def _by(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}


def _answer(
    request: Request, found: Folio, form: Any, title: str, act: Callable[[], Any], done: str
) -> HttpResponse:
    """Do it and show the folio, or show the form with what stands in the way."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, done)
            return htmx.redirect(request, "billing:folio", number=found.number)
    context = {
        "form": form,
        "form_title": title,
        "folio": found,
        "balance": queries.balance(found.pk),
        "is_open": found.status == FolioStatus.OPEN,
    }
    template = "billing/form.html#sheet" if htmx.is_htmx(request) else "billing/form.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)
