"""Pure functions of cleaning: which step follows which, and what a step does to the room."""

from __future__ import annotations

from kezhan.core.actor import Actor

from .choices import CleaningKind, CleaningStatus

S = CleaningStatus

OPEN = (S.PLANNED, S.CLEANING, S.CLEANED, S.FAILED)

# What each step may start from. A stuck task is put back by a supervisor (`reset`), with a reason.
STEPS: dict[str, tuple[CleaningStatus, ...]] = {
    "start": (S.PLANNED, S.FAILED),
    "finish": (S.CLEANING,),
    "inspect": (S.CLEANED,),
    "reset": (S.CLEANING, S.CLEANED, S.FAILED),
    "skip": (S.PLANNED, S.FAILED),
}

# The order in which an attendant is offered rooms: urgent ones first, then those that can be sold again.
_ORDER = {CleaningKind.REQUESTED: 0, CleaningKind.DEPARTURE: 1, CleaningKind.STAYOVER: 2}


def step_is_allowed(step: str, status: str) -> bool:
    return status in STEPS[step]


def cleaner_key(actor: Actor) -> str:
    """Tells two people of one name apart."""
    return f"{actor.kind}:{actor.id}"[:80]


def passes(score: int, pass_score: int) -> bool:
    return score >= pass_score


def work_order(kind: str, urgent: bool, room_number: str) -> tuple[int, int, str]:
    return (0 if urgent else 1, _ORDER[CleaningKind(kind)], room_number)
