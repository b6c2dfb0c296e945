"""What the desk hands to an operation: plain values, so that a page, a replay and an import ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .choices import DocumentCheck


@dataclass(frozen=True, kw_only=True)
class GuestAtDesk:
    """One person at the desk: a known profile (`guest_id`), or a name (and telephone) that finds or makes one.

    `document_number` is as typed; it goes sealed into the guest's documents. An identity card tells birth date and sex
    by itself. A minor also needs a guardian's telephone and the relation to the adults who stay in the room.
    """

    guest_id: int | None = None
    name: str = ""
    phone: str = ""
    document_kind: str = ""
    document_number: str = ""
    issued_country: str = ""
    check: str = DocumentCheck.MATCHED
    is_main: bool = False
    sex: str = ""
    birth_date: date | None = None
    guardian_phone: str = ""
    guardian_relation: str = ""


@dataclass(frozen=True, kw_only=True)
class DepositAtDesk:
    amount: Decimal
    tender: str


@dataclass(frozen=True, kw_only=True)
class PaymentAtDesk:
    """Money taken at check-out in the same act; a negative amount is paid back, for a reason."""

    amount: Decimal
    tender: str
    reason: str = ""
