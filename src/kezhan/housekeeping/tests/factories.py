"""Cleanings for tests."""

from __future__ import annotations

from typing import Any

from kezhan.core.actor import Actor
from kezhan.housekeeping import api as housekeeping
from kezhan.people.tests.factories import NOON

ATTENDANT = Actor(kind="SYSTEM", id="attendant", name="服务员王")
INSPECTOR = Actor(kind="SYSTEM", id="inspector", name="领班李")


def plan(house: Any, number: str, kind: str = "DEPARTURE", **given: Any) -> housekeeping.CleaningTask:
    return housekeeping.plan_cleaning(
        room_id=house.rooms[number].pk, property_id=house.property.pk, kind=kind,
        business_date=house.business_date, actor=house.actor, now=NOON, **given,
    )  # fmt: skip


def clean(house: Any, number: str) -> housekeeping.CleaningTask:
    """A planned room is started and finished by the attendant."""
    task = housekeeping.open_task(house.rooms[number].pk) or plan(house, number)
    housekeeping.start_cleaning(task_id=task.pk, actor=ATTENDANT, now=NOON)
    return housekeeping.finish_cleaning(task_id=task.pk, actor=ATTENDANT, now=NOON)


def make_ready(house: Any, number: str) -> None:
    """A dirty room goes through cleaning and inspection and may be sold again."""
    task = clean(house, number)
    housekeeping.inspect(task_id=task.pk, passed=True, score=95, actor=INSPECTOR, now=NOON)
