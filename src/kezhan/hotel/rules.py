"""Pure functions of the house: codes of the trade, which step of a room's status is allowed, how codes look."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from .choices import Cleanliness, Occupancy

# The code is always printed with its word.
STATUS_WORDS: dict[str, Any] = {
    "VC": _("空净房"),
    "VI": _("空净已查"),
    "VD": _("空脏房"),
    "OC": _("住净房"),
    "OD": _("住脏房"),
}

_TYPE_CODE = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*\Z")
_ROOM_NUMBER = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\Z")


def status_code(occupancy: str, cleanliness: str) -> str:
    """VC, VI, VD, OC or OD. An inspected room that is lived in reads OC: nobody inspects around a guest."""
    if occupancy == Occupancy.OCCUPIED:
        return "OD" if cleanliness == Cleanliness.DIRTY else "OC"
    return {Cleanliness.DIRTY: "VD", Cleanliness.CLEAN: "VC", Cleanliness.INSPECTED: "VI"}[
        Cleanliness(cleanliness)
    ]


def step_needs_reason(before: str, after: str) -> bool:
    """A dirty room is cleaned before it is inspected; skipping that is a supervisor's act with a reason."""
    return before == Cleanliness.DIRTY and after == Cleanliness.INSPECTED


def type_code_is_fine(code: str) -> bool:
    return len(code) <= 16 and bool(_TYPE_CODE.match(code))


def room_number_is_fine(number: str) -> bool:
    return len(number) <= 12 and bool(_ROOM_NUMBER.match(number))
