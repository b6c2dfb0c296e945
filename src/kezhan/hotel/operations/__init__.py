"""What changes in the house: its business day, its rooms and types, the status of a room."""

from .days import AlreadyOpened, NotTheOpenDate, open_business_day, roll_business_date
from .rooms import (
    RETIREMENT_CHECKS,
    ROOM_FOLLOWERS,
    AlreadyRetired,
    CannotRetire,
    RoomNumberTaken,
    RoomTypeCodeTaken,
    add_room,
    add_room_type,
    retire_room,
    retire_room_type,
)
from .status import StatusStepRefused, lock_room, mark_occupied_rooms_dirty, set_room_status

__all__ = [
    "RETIREMENT_CHECKS",
    "ROOM_FOLLOWERS",
    "AlreadyOpened",
    "AlreadyRetired",
    "CannotRetire",
    "NotTheOpenDate",
    "RoomNumberTaken",
    "RoomTypeCodeTaken",
    "StatusStepRefused",
    "add_room",
    "add_room_type",
    "lock_room",
    "mark_occupied_rooms_dirty",
    "open_business_day",
    "retire_room",
    "retire_room_type",
    "roll_business_date",
    "set_room_status",
]
