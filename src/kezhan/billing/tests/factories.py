"""Dull folios for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kezhan.billing import api as billing
from kezhan.hotel.tests.factories import Hotel, make_hotel
from kezhan.people.tests.factories import NOON


@dataclass
class Till:
    """A hotel with its charge codes."""

    hotel: Hotel
    codes: dict[str, billing.ChargeCode] = field(default_factory=dict)

    @property
    def place(self) -> Any:
        return self.hotel.property

    @property
    def actor(self) -> Any:
        return self.hotel.actor

    def act(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": NOON}


def make_till(hotel: Hotel | None = None, **given: Any) -> Till:
    hotel = hotel or make_hotel(**given)
    codes = billing.set_up_charge_codes(place=hotel.property, actor=hotel.actor, now=NOON)
    return Till(hotel, codes)


def make_folio(till: Till, *charges: str | Decimal, **given: Any) -> billing.Folio:
    """An open folio; each of `charges` is posted as a night's room charge."""
    folio = billing.open_folio(place=till.place, **till.act(), **given)
    for amount in charges:
        charge(till, folio, amount)
    return folio


def charge(
    till: Till, folio: billing.Folio, amount: str | Decimal, code: str = "ROOM", **given: Any
) -> billing.Posting:
    return billing.post_charge(folio_id=folio.pk, code=code, amount=Decimal(amount), **till.act(), **given)
