"""Money is Decimal with two places, rounded half up, its currency beside it. Prices include tax."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def round_money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def split_tax(gross: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Split a price that includes tax into (net, tax); `rate` is a fraction, 0.06 for six per cent."""
    net = round_money(gross / (1 + rate))
    return net, gross - net


def money_field(**options: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def currency_field(**options: Any) -> models.CharField:
    """ISO 4217, three capital letters; CNY first."""
    return models.CharField(max_length=3, **{"default": "CNY", **options})
