"""What the desk shows on the home page: 预抵 n · 在住 n · 预离 n."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kezhan.hotel import api as hotel

from . import queries


def home_card(request: HttpRequest, place: Any) -> dict[str, Any] | None:
    try:
        day = hotel.business_date(place)
    except hotel.NotOpenedYet:
        return None
    return {"counts": queries.counts(place, day), "day": day}
