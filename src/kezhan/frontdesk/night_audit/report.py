"""The figures of one business date, by the definitions of the trade; computed once, then frozen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from kezhan.billing import api as billing
from kezhan.core.money import ZERO
from kezhan.hotel import api as hotel
from kezhan.reservations import api as reservations

from .. import rules
from ..choices import StayStatus
from ..models import Stay, StayGuest


def day_report(place: Any, day: date) -> dict[str, Any]:
    """Rooms, sold, OCC, ADR and RevPAR both ways, movements, revenue, tenders, ledgers. Room revenue is without tax;
    no-show and cancellation fees stand on their own lines, rooms given free or used by the house are not sold.
    """
    nights = _nights(place, day)
    revenue = revenue_by_kind(place, day)
    room_net = revenue.get("ROOM", {}).get("net", ZERO)
    return {
        "property": place.code,
        "business_date": day,
        "currency": place.currency,
        **rules.key_figures(
            rooms=hotel.rooms_of(place, day).filter(opened_date__lte=day).count(),
            out_of_order=_out_of_order(place, day),
            sold=nights["sold"],
            room_revenue_net=room_net,
        ),
        "not_sold": nights["not_sold"],
        "movements": _movements(place, day),
        "revenue": revenue,
        "revenue_total": {
            part: sum((line[part] for line in revenue.values()), ZERO) for part in ("gross", "tax", "net")
        },
        "tenders": tenders(place, day),
        "ledgers": _ledgers(place, day),
    }


def _nights(place: Any, day: date) -> dict[str, int]:
    """Rooms slept in tonight: sold, and those free of charge or for the house."""
    slept = Stay.objects.of(place).filter(status=StayStatus.IN_HOUSE, booking_room__nights__date=day)
    not_sold = Q(booking_room__nights__rate_plan__kind__in=rules.NOT_SOLD)
    return slept.aggregate(sold=Count("pk", filter=~not_sold), not_sold=Count("pk", filter=not_sold))


def _out_of_order(place: Any, day: date) -> int:
    return reservations.RoomNight.objects.of(place).filter(date=day, closure__kind="OOO").count()


def _movements(place: Any, day: date) -> dict[str, int]:
    stays = Stay.objects.of(place)
    here = stays.filter(status=StayStatus.IN_HOUSE)
    came = stays.filter(checked_in_business_date=day).exclude(status=StayStatus.UNDONE)
    no_shows = reservations.BookingRoom.objects.of(place).filter(status="NO_SHOW", arrival_date=day)
    return {
        "arrivals": came.count(),
        "day_use": came.filter(departure_date=F("arrival_date")).count(),
        "departures": stays.filter(checked_out_business_date=day, status=StayStatus.DEPARTED).count(),
        "no_shows": no_shows.count(),
        "in_house_rooms": here.count(),
        "in_house_guests": StayGuest.objects.of(place)
        .filter(stay__in=here, departed_at__isnull=True)
        .count(),
    }


def revenue_by_kind(place: Any, day: date) -> dict[str, dict[str, Any]]:
    """Charges of the date by kind, reversals included: gross, tax, net and how many lines."""
    rows = (
        billing.Posting.objects.of(place)
        .filter(business_date=day, kind="CHARGE")
        .values(what=F("charge_code__kind"))
        .annotate(gross=Sum("amount"), tax_part=Sum("tax"), lines=Count("pk"))
        .order_by("what")
    )
    return {
        row["what"]: {
            "gross": money(row["gross"]),
            "tax": money(row["tax_part"]),
            "net": money(row["gross"]) - money(row["tax_part"]),
            "lines": row["lines"],
        }
        for row in rows
    }


def tenders(place: Any, day: date) -> list[dict[str, Any]]:
    """Money that changed hands, by what for and by tender; positive is received."""
    rows = (
        billing.Posting.objects.of(place)
        .filter(business_date=day, kind__in=["PAYMENT", "DEPOSIT_TAKEN", "DEPOSIT_RETURNED"])
        .values("kind", "tender")
        .annotate(amount=Sum("amount"), lines=Count("pk"))
        .order_by("kind", "tender")
    )
    return [
        {
            "kind": row["kind"],
            "tender": row["tender"],
            "received": -money(row["amount"]),
            "lines": row["lines"],
        }
        for row in rows
    ]


def _ledgers(place: Any, day: date) -> list[dict[str, Any]]:
    rows = billing.LedgerDay.objects.of(place).filter(business_date=day).order_by("ledger")
    return [dict(row) for row in rows.values("ledger", "opening", "activity", "closing", "postings")]


def money(amount: Decimal | None) -> Decimal:
    """SQLite sums decimals without their places."""
    return (amount or ZERO).quantize(ZERO)
