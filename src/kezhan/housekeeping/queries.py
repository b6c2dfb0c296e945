"""Reads of housekeeping: which room is ready, what is open, the board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kezhan.core.errors import NotFound
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from .models import CleaningTask
from .rules import OPEN, work_order


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


# ---------------------------------------------------------------- screens


@dataclass(frozen=True, slots=True)
class BoardRoom:
    """A room as the board shows it: what it is, and the cleaning that is open."""

    number: str
    floor: str
    type_code: str
    code: str
    do_not_disturb: bool
    task: CleaningTask | None


def board(place: Any, on: date) -> list[BoardRoom]:
    """Every room in use, by floor. Two queries."""
    tasks = open_tasks_of(place)
    return [
        BoardRoom(
            room.number, room.floor, room.room_type.code, hotel.status_code(room.occupancy, room.cleanliness),
            room.do_not_disturb, tasks.get(room.pk),
        )
        for room in hotel.rooms_of(place, on).order_by("floor", "position", "number")
    ]  # fmt: skip


def counts(rooms: Iterable[BoardRoom]) -> dict[str, int]:
    """How many rooms have each status code, and each state of cleaning."""
    found = Counter(room.code for room in rooms)
    found.update(room.task.status for room in rooms if room.task is not None)
    return dict(found)


def work_list(place: Any, attendant_id: int | None = None) -> list[CleaningTask]:
    """Open tasks in the order they should be done; with an attendant, those taken by nobody else."""
    tasks = list(open_tasks(place))
    if attendant_id is not None:
        tasks = [task for task in tasks if task.attendant_id in (None, attendant_id)]
    return sorted(tasks, key=lambda task: work_order(task.kind, task.urgent, task.room.number))
