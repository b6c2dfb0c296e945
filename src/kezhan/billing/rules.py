"""Pure functions and shipped words of the ledger. No database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.core.money import ZERO, round_money

from .choices import ChargeKind

HIGHEST_AMOUNT = Decimal("99999999.99")


@dataclass(frozen=True)
class ShippedCode:
    """A charge code every house starts with; `tax_rate` is a fraction of the net price."""

    kind: ChargeKind
    label: Any
    tax_rate: Decimal = Decimal("0.06")


# Goods of the minibar carry another rate than services; each house may change its own row.
SHIPPED_CODES: dict[str, ShippedCode] = {
    "ROOM": ShippedCode(ChargeKind.ROOM, _("房费")),
    "DAY_USE": ShippedCode(ChargeKind.DAY_USE, _("日用房费")),
    "NO_SHOW_FEE": ShippedCode(ChargeKind.NO_SHOW_FEE, _("预订未到费")),
    "CANCELLATION_FEE": ShippedCode(ChargeKind.CANCELLATION_FEE, _("取消费")),
    "MINIBAR": ShippedCode(ChargeKind.SERVICE, _("迷你吧"), Decimal("0.13")),
    "LAUNDRY": ShippedCode(ChargeKind.SERVICE, _("洗衣")),
    "RESTAURANT": ShippedCode(ChargeKind.SERVICE, _("餐饮")),
    "DAMAGE": ShippedCode(ChargeKind.DAMAGE, _("物品赔偿")),
    "ALLOWANCE": ShippedCode(ChargeKind.ALLOWANCE, _("减免")),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """What a folio stands at: `guest` is still owed to the house (negative: owed to the guest), `deposit` is the money
    of the guest that the house keeps (never negative), `city` was passed on to a company's account.
    """

    guest: Decimal = ZERO
    deposit: Decimal = ZERO
    city: Decimal = ZERO

    @property
    def settled(self) -> bool:
        return self.guest == ZERO and self.deposit == ZERO


def as_money(value: Any) -> Decimal | None:
    """An amount with at most two places and of a size a hotel can mean; None for anything else."""
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    if not amount.is_finite() or abs(amount) > HIGHEST_AMOUNT:
        return None
    rounded = round_money(amount)
    return rounded if rounded == amount else None


def deposit_proposal(nightly_price: Decimal, nights: int, fixed: Decimal) -> Decimal:
    """One rule at a house: so many nights' price or, when that is nought, a fixed amount. Yuan, no cents."""
    amount = nightly_price * nights if nights else fixed
    return round_money(max(amount, ZERO).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def reason_is_needed(deposit: Decimal, deduct: Decimal, refund_percent: Decimal) -> bool:
    """Whether keeping `deduct` back falls below the share that goes back without a word (S-3.1(4)b: all of it)."""
    return deposit - deduct < round_money(deposit * refund_percent / 100)
