"""Reads of housekeeping: which room is ready, what is open, the board."""

from __future__ import annotations

from datetime import date
from typing import Any

from kezhan.core.errors import NotFound
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from .models import CleaningTask
from .rules import OPEN


def room_is_ready(room: hotel.Room, on: date | None = None) -> bool:
    """Whether a guest may be shown into the room: vacant and inspected, or clean where the house sells without
    inspection (parameter `sell_after_inspection`)."""
    return hotel.status_code(room.occupancy, room.cleanliness) in ready_codes(room.property, on)


def ready_codes(place: Any, on: date | None = None) -> tuple[str, ...]:
    """Status codes from which a room is given to a guest on a business date."""
    return ("VI",) if policy.value("sell_after_inspection", property=place, on=on) else ("VI", "VC")


def open_task(room_id: int) -> CleaningTask | None:
    """The cleaning of a room that is not finished, if any."""
    return CleaningTask.objects.filter(room_id=room_id, status__in=OPEN).select_related("room").first()


def task_of_room(place: Any, number: str) -> CleaningTask:
    """The open task of a room by its number. Raises NotFound."""
    found = open_tasks(place).filter(room__number=number).first()
    if found is None:
        raise NotFound()
    return found


def open_tasks(place: Any) -> Any:
    return (
        CleaningTask.objects.of(place)
        .filter(status__in=OPEN)
        .select_related("room", "room__room_type", "attendant")
    )


def open_tasks_of(place: Any) -> dict[int, CleaningTask]:
    """Open tasks by room, for screens that show all rooms."""
    return {task.room_id: task for task in open_tasks(place)}
