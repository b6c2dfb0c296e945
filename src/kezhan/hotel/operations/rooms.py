"""Rooms and room types come and go by date; a number or code is never used twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update
from kezhan.core.registry import Registry
from kezhan.hotel.choices import Occupancy
from kezhan.hotel.models import Room, RoomType
from kezhan.hotel.rules import room_number_is_fine, type_code_is_fine

# Apps above answer why a room or a type cannot go on that date (a stay, an assignment, open bookings), or "".
RetirementCheck = Callable[[Room | RoomType, date], Any]
RETIREMENT_CHECKS: Registry[RetirementCheck] = Registry("retirement check")

# Apps above follow, in the same transaction, when a room is added or goes: (room, from that date on, actor, now).
RoomFollower = Callable[[Room, date, Actor, datetime], None]
ROOM_FOLLOWERS: Registry[RoomFollower] = Registry("room follower")


class RoomTypeCodeTaken(DomainError):
    code = "hotel.room_type_code_taken"
    message = _("房型代码 %(code)s 已经用过。")
    unlock = _("代码永不重复使用，停用的也不行，请换一个。")


class RoomNumberTaken(DomainError):
    code = "hotel.room_number_taken"
    message = _("房号 %(number)s 已经有了。")
    unlock = _("房号永不重复使用，停用的也不行，请换一个。")


class AlreadyRetired(DomainError):
    code = "hotel.already_retired"
    message = _("%(what)s 已经停用。")


class CannotRetire(DomainError):
    code = "hotel.cannot_retire"
    message = _("%(what)s 现在不能停用：%(why)s")
    unlock = _("处理完这些事项，或改用更晚的停用日期，再试一次。")


@operation
def add_room_type(
    *,
    place: Any,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    bed: str = "",
    max_adults: int = 2,
    max_guests: int = 3,
    accessible: bool = False,
    position: int = 0,
) -> RoomType:
    """Raises InvalidInput, RoomTypeCodeTaken."""
    code = code.strip().upper()
    problems = {}
    if not type_code_is_fine(code):
        problems["code"] = _("房型代码只能用字母、数字和连字符，最多 16 个字符。")
    if not name.strip():
        problems["name"] = _("请填写名称。")
    if not 1 <= max_adults <= max_guests:
        problems["max_guests"] = _("最多入住人数不能少于最多成人数，且至少一人。")
    _refuse(problems)
    row = RoomType(
        property=place, code=code, name=name.strip(), name_en=name_en.strip(), bed=bed.strip(),
        max_adults=max_adults, max_guests=max_guests, accessible=accessible, position=position,
    )  # fmt: skip
    _insert(row, {"code": code}, RoomTypeCodeTaken)
    audit.record(
        "hotel.room_type_added",
        actor=actor,
        subject=row,
        at=now,
        facts={"code": code, "max_guests": max_guests},
    )
    return row


@operation
def add_room(
    *,
    place: Any,
    number: str,
    room_type: RoomType,
    floor: str,
    opened_date: date,
    actor: Actor,
    now: datetime,
    view: str = "",
    accessible: bool = False,
    position: int = 0,
) -> Room:
    """Raises InvalidInput, RoomNumberTaken."""
    number = number.strip()
    problems = {}
    if not room_number_is_fine(number):
        problems["number"] = _("房号只能用字母、数字和连字符，最多 12 个字符。")
    if not floor.strip():
        problems["floor"] = _("请填写楼层。")
    if room_type.property_id != place.pk or room_type.retired_date is not None:
        problems["room_type"] = _("请选择本店在用的房型。")
    _refuse(problems)
    row = Room(
        property=place, number=number, room_type=room_type, floor=floor.strip(), opened_date=opened_date,
        view=view.strip(), accessible=accessible, position=position, status_changed_at=now,
    )  # fmt: skip
    _insert(row, {"number": number}, RoomNumberTaken)
    audit.record(
        "hotel.room_added", actor=actor, subject=row, at=now,
        facts={"number": number, "room_type": room_type.code, "opened_date": opened_date},
    )  # fmt: skip
    _tell_followers(row, opened_date, actor, now)
    return row


@operation
def retire_room(
    *, room_id: int, property_id: int, retired_date: date, reason: str, actor: Actor, now: datetime
) -> Room:
    """Take a room out of the house from a date on. Raises NotFound, AlreadyRetired, InvalidInput, CannotRetire."""
    room = lock_row(Room.objects.of(property_id).filter(pk=room_id))
    if room.occupancy == Occupancy.OCCUPIED:
        raise CannotRetire(what=room.number, why=_("房间里还有客人。"))
    _retire(room, retired_date, room.opened_date, reason, "hotel.room_retired", actor, now)
    _tell_followers(room, retired_date, actor, now)
    return room


def _tell_followers(room: Room, since: date, actor: Actor, now: datetime) -> None:
    for _name, follow in ROOM_FOLLOWERS:
        follow(room, since, actor, now)


@operation
def retire_room_type(
    *, room_type_id: int, property_id: int, retired_date: date, reason: str, actor: Actor, now: datetime
) -> RoomType:
    """Raises NotFound, AlreadyRetired, InvalidInput, CannotRetire (rooms of this type still in use on that date)."""
    row = lock_row(RoomType.objects.of(property_id).filter(pk=room_type_id))
    left = Room.objects.of(property_id).filter(room_type=row).in_use_on(retired_date).count()
    if left:
        raise CannotRetire(what=row.code, why=_("还有 %(count)s 间房属于这个房型。") % {"count": left})
    return _retire(row, retired_date, None, reason, "hotel.room_type_retired", actor, now)


def _retire(
    row: Any, retired_date: date, opened: date | None, reason: str, verb: str, actor: Actor, now: datetime
) -> Any:
    what = str(getattr(row, "number", "") or row.code)
    if row.retired_date is not None:
        raise AlreadyRetired(what=what)
    problems = {}
    if opened is not None and retired_date <= opened:
        problems["retired_date"] = _("停用日期必须晚于启用日期。")
    if not reason.strip():
        problems["reason"] = _("请写明停用原因。")
    _refuse(problems)
    for _name, check in RETIREMENT_CHECKS:
        if why := check(row, retired_date):
            raise CannotRetire(what=what, why=why)
    row.retired_date = retired_date
    update(row, "retired_date")
    audit.record(
        verb, actor=actor, subject=row, at=now, reason=reason.strip(), facts={"retired_date": retired_date}
    )
    return row


def _refuse(problems: dict[str, Any]) -> None:
    if problems:
        raise InvalidInput(fields=problems)


def _insert(row: Any, used_once: dict[str, str], taken: type[DomainError]) -> None:
    try:
        with transaction.atomic():
            insert(row)
    except IntegrityError as error:
        if type(row).objects.of(row.property_id).filter(**used_once).exists():
            raise taken(fields=None, **used_once) from error
        raise
