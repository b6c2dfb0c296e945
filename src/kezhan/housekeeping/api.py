"""What other apps may call."""

from .choices import CleaningKind, CleaningStatus
from .models import CleaningTask
from .operations import (
    finish_cleaning,
    inspect,
    override_room_status,
    plan_cleaning,
    plan_stayovers,
    reset_task,
    skip_task,
    start_cleaning,
    withdraw_cleaning,
)
from .queries import open_task, open_tasks_of, ready_codes, room_is_ready
from .refusals import DepartureIsCleaned, ReasonMissing, SameInspector, ScoreTooLow, StepNotNow

__all__ = [
    "CleaningKind",
    "CleaningStatus",
    "CleaningTask",
    "DepartureIsCleaned",
    "ReasonMissing",
    "SameInspector",
    "ScoreTooLow",
    "StepNotNow",
    "finish_cleaning",
    "inspect",
    "open_task",
    "open_tasks_of",
    "override_room_status",
    "plan_cleaning",
    "plan_stayovers",
    "ready_codes",
    "reset_task",
    "room_is_ready",
    "skip_task",
    "start_cleaning",
    "withdraw_cleaning",
]
