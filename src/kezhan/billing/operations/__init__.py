"""Every movement of money. Order inside each: hold the business date, lock the folio, guard, write, audit."""

from .charges import ChargeLine, UnknownCode, post_charge, post_room_charges
from .codes import set_up_charge_codes
from .deposits import (
    DepositNotHeld,
    DepositNotSettled,
    NotCoveredByCharges,
    settle_deposit,
    take_deposit,
    undo_deposit_settlement,
)
from .folios import FolioNotSettled, add_window, close_folio, open_folio, reopen_folio
from .ledger_days import LedgerDoesNotBalance, close_ledger_day
from .lines import DayIsClosed, FolioIsClosed, KeyUsed
from .payments import MoreThanCredit, pay_back, take_payment
from .reversals import AlreadyReversed, CannotReverse, reverse_posting

__all__ = [
    "AlreadyReversed",
    "CannotReverse",
    "ChargeLine",
    "DayIsClosed",
    "DepositNotHeld",
    "DepositNotSettled",
    "FolioIsClosed",
    "FolioNotSettled",
    "KeyUsed",
    "LedgerDoesNotBalance",
    "MoreThanCredit",
    "NotCoveredByCharges",
    "UnknownCode",
    "add_window",
    "close_folio",
    "close_ledger_day",
    "open_folio",
    "pay_back",
    "post_charge",
    "post_room_charges",
    "reopen_folio",
    "reverse_posting",
    "set_up_charge_codes",
    "settle_deposit",
    "take_deposit",
    "take_payment",
    "undo_deposit_settlement",
]
