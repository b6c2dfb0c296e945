"""What has to be settled before a business date can be closed. Apps above contribute their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.core.registry import Registry
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from .. import queries


@dataclass(frozen=True)
class Blocker:
    """One thing to settle. `blocks` is false where night audit will settle it by rule and only says so. `url_name` with
    `url_kwargs` is the page where a person settles it."""

    kind: str
    label: Any
    subject: str
    who: str = ""
    since: date | None = None
    blocks: bool = True
    url_name: str = ""
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[Any, date], Iterable[Blocker]]
BLOCKERS: Registry[Provider] = Registry("provider of night audit blockers")


def register_blockers(name: str, provider: Provider) -> None:
    BLOCKERS.register(name, provider)


def blockers(place: Any) -> list[Blocker]:
    """Everything open at this house before its business date can be closed, those that block first."""
    day = hotel.business_date(place)
    found = [blocker for _name, provider in BLOCKERS for blocker in provider(place, day)]
    return sorted(found, key=lambda blocker: not blocker.blocks)


def due_outs(place: Any, day: date) -> Iterable[Blocker]:
    """Guests who were to leave and are still here: check out, or extend."""
    for stay in queries.departures(place, day):
        yield Blocker(
            "due_out", _("应离未离"), stay.room.number, stay.booking_room.booking.guest.name, stay.departure_date,
            url_name="frontdesk:stay", url_kwargs={"number": stay.number},
        )  # fmt: skip


def open_arrivals(place: Any, day: date) -> Iterable[Blocker]:
    """Guests who did not come: marked by the audit where the house says so, otherwise a person decides."""
    by_rule = policy.value("audit_marks_no_shows", property=place, on=day)
    for booked in queries.arrivals(place, day):
        yield Blocker(
            "arrival", _("应到未到，夜审记为未到") if by_rule else _("应到未到"), booked.booking.number,
            booked.booking.guest.name, booked.arrival_date, blocks=not by_rule,
            url_name="frontdesk:check_in",
            url_kwargs={"number": booked.booking.number, "position": booked.position},
        )  # fmt: skip


def unconfirmed(place: Any, day: date) -> Iterable[Blocker]:
    """Enquiries for a day that is over: confirm, decline or move them."""
    for booking in queries.unconfirmed_arrivals(place, day):
        yield Blocker(
            "unconfirmed", _("到店日已到，预订还未确认"), booking.number, booking.guest.name, booking.arrival_date,
            url_name="reservations:booking", url_kwargs={"number": booking.number},
        )  # fmt: skip
