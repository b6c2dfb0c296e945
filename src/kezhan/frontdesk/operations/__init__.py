"""What the desk does: one verb a module."""

from .check_in import check_in, register_guest, walk_in
from .check_out import check_out
from .in_house import change_departure, move_room
from .undo import undo_check_in, undo_check_out

__all__ = [
    "change_departure",
    "check_in",
    "check_out",
    "move_room",
    "register_guest",
    "undo_check_in",
    "undo_check_out",
    "walk_in",
]
