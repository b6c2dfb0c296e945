"""The guest's voucher. The token in the address is the only key; a booking number opens nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kezhan.core import qr
from kezhan.core.door import public
from kezhan.core.errors import NotFound
from kezhan.core.ids import token_digest
from kezhan.core.templatetags.kezhan import moment
from kezhan.reservations import documents
from kezhan.reservations.models import Voucher

REASON = "a guest opens their voucher by the random token in its link"


@public(REASON)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """On a phone: number, stay, price per night and total, the rule of cancellation, QR and PDF."""
    now = timezone.now()
    voucher = _voucher(token, now)
    return _kept_private(render(request, "reservations/voucher.html", _context(request, voucher, token, now)))


@public(REASON)
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    voucher = _voucher(token, now)
    printed = moment(voucher.issued_at, voucher.property)
    body = documents.voucher_pdf(voucher, link=_link(request, token), printed=printed)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{voucher.content["number"]}.pdf"'
    return _kept_private(answer)


def _voucher(token: str, now: datetime) -> Voucher:
    """By the digest of the token, while its link is good. Raises NotFound."""
    found = (
        Voucher.objects.filter(token_digest=token_digest(token), ends_at__gt=now)
        .select_related("property", "booking")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def _context(request: HttpRequest, voucher: Voucher, token: str, now: datetime) -> dict[str, Any]:
    newest = voucher.booking.vouchers.order_by("-version").values_list("version", flat=True).first()
    content = voucher.content
    return {
        "voucher": voucher,
        "place": voucher.property,
        "booking": voucher.booking,
        "content": content,
        "arrival": datetime.fromisoformat(content["arrival"]).date(),
        "departure": datetime.fromisoformat(content["departure"]).date(),
        "rooms": documents.voucher_lines(voucher),
        "terms": documents.terms_words(content["terms"], voucher.property),
        "superseded": newest != voucher.version,
        "cancelled": voucher.booking.status in ("CANCELLED", "NO_SHOW"),
        "code": qr.svg(_link(request, token), content["number"]),
        "token": token,
    }


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(
        request.path if request.path.endswith("/") else request.path.rsplit("/", 1)[0] + "/"
    )


def _kept_private(answer: HttpResponse) -> HttpResponse:
    """Not in caches, not in a search engine, and the token leaves the page in no referrer."""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
