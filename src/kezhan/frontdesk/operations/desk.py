"""What every act of the desk begins with: the held business date, then the locked stay."""

from __future__ import annotations

from datetime import date

from kezhan.core.errors import NotFound
from kezhan.core.locking import lock_row
from kezhan.hotel import api as hotel

from .. import refusals
from ..choices import AuditStatus, StayStatus
from ..models import NightAudit, Stay


def open_desk(property_id: int) -> date:
    """The open business date, held until we commit. Raises AuditRunning while night audit works on it: what came between
    its steps would miss the night's charge or a closed ledger.
    """
    day = hotel.hold_business_date(property_id)
    audits = NightAudit.objects.of(property_id).filter(business_date=day, status=AuditStatus.RUNNING)
    if audits.exists():
        raise refusals.AuditRunning(business_date=day)
    return day


def lock_stay(stay_id: int) -> tuple[Stay, date]:
    """The stay, locked, and the business date, held. Raises NotFound, AuditRunning."""
    property_id = Stay.objects.filter(pk=stay_id).values_list("property_id", flat=True).first()
    if property_id is None:
        raise NotFound()
    day = open_desk(property_id)
    rows = Stay.objects.filter(pk=stay_id).select_related("property", "booking_room")
    return lock_row(rows), day


def lock_in_house(stay_id: int) -> tuple[Stay, date]:
    """Like `lock_stay`, for a stay in the house. Raises StayNotInHouse."""
    stay, day = lock_stay(stay_id)
    if stay.status != StayStatus.IN_HOUSE:
        raise refusals.StayNotInHouse(stay=stay.number, status=stay.get_status_display())
    return stay, day


def required(reason: str) -> str:
    if not reason.strip():
        raise refusals.ReasonMissing()
    return reason.strip()[:200]
