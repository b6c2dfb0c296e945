"""What several pages of this app need."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kezhan.core import door, htmx
from kezhan.hotel import api as hotel

TABS = (
    ("bookings", "reservations.read"),
    ("availability", "reservations.read"),
    ("prices", "reservations.read"),
    ("closures", "reservations.read"),
    ("setup", "reservations.manage_rates"),
)


def tabs(request: HttpRequest, active: str) -> list[dict[str, Any]]:
    labels = {
        "bookings": _("预订"),
        "availability": _("房量"),
        "prices": _("房价日历"),
        "closures": _("封房"),
        "setup": _("价格与分类"),
    }
    return [
        {
            "label": labels[name],
            "url": htmx.address(request, f"reservations:{name}"),
            "active": name == active,
        }
        for name, right in TABS
        if may(request, right)
    ]


def may(request: HttpRequest, right: str) -> bool:
    return door.resolver().holds(request, right, request.property)  # type: ignore[attr-defined]


def today_of(request: HttpRequest) -> date:
    return hotel.business_date(request.property)  # type: ignore[attr-defined]
