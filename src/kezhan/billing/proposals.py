"""What the house's own numbers propose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kezhan.policy import api as policy

from .rules import deposit_proposal


def proposed_deposit(place: Any, nightly_price: Decimal, *, on: date) -> Decimal:
    """The deposit a check-in proposes: `deposit_nights` times the night's price or, when the house sets that to nought,
    `deposit_fixed_yuan` (S-3.1(4)).
    """
    return deposit_proposal(
        nightly_price,
        policy.value("deposit_nights", property=place, on=on),
        Decimal(policy.value("deposit_fixed_yuan", property=place, on=on)),
    )
