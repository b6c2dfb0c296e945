"""Reads of the house: the business date, its rooms and their types."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError, NotFound
from kezhan.core.memo import remember, remembered

from .models import BusinessDay, RetiringQuerySet, Room, RoomType


class NotOpenedYet(DomainError):
    code = "hotel.not_opened_yet"
    message = _("本店还没有开启营业日。")
    unlock = _("请管理员先在工作台的“开始使用”里开启营业。")


def business_date(place: Any) -> date:
    """The open business date of a property (or its id). A plain read: writers hold it. Raises NotOpenedYet."""
    found = BusinessDay.objects.of(place).values_list("business_date", flat=True).first()
    if found is None:
        raise NotOpenedYet()
    return found


def hold_business_date(property_id: int) -> date:
    """The open date, held until the transaction ends: night audit's roll waits for us, we never wait for each other.

    Asked again in the same transaction it is remembered: what is held cannot move. Django has no FOR SHARE, hence the raw
    statement; SQLite has one writer and needs none. Raises NotOpenedYet.
    """
    known = remembered(held_date_key(property_id))
    if known is None:
        known = _held(property_id, "FOR SHARE")
        remember(held_date_key(property_id), known)
    return known


def lock_business_date(property_id: int) -> date:
    """The open date, locked for the roll: waits for every writer that holds it. Raises NotOpenedYet."""
    found = _held(property_id, "FOR UPDATE")
    remember(held_date_key(property_id), found)
    return found


def held_date_key(property_id: int) -> tuple[str, int]:
    """Where a transaction remembers the date it holds; who rolls it writes the new one there."""
    return ("hotel.business_date", property_id)


def _held(property_id: int, strength: str) -> date:
    _require_transaction()
    if connection.vendor != "postgresql":
        return business_date(property_id)
    return _locked_date(property_id, strength)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")


def _locked_date(property_id: int, strength: str) -> date:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT business_date FROM hotel_businessday WHERE property_id = %s {strength}",  # noqa: S608
            [property_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotOpenedYet()
    return row[0]


def rooms_of(place: Any, on: date | None = None) -> RetiringQuerySet:
    """Rooms of a property with their types; with `on`, those not retired that day."""
    rows = Room.objects.of(place).select_related("room_type")
    return rows if on is None else rows.in_use_on(on)


def room_types_of(place: Any, on: date | None = None) -> RetiringQuerySet:
    rows = RoomType.objects.of(place)
    return rows if on is None else rows.in_use_on(on)


def room_by_number(place: Any, number: str) -> Room:
    """Raises NotFound."""
    found = rooms_of(place).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def room_type_by_code(place: Any, code: str) -> RoomType:
    """Raises NotFound."""
    found = room_types_of(place).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found
