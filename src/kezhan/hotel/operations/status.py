"""The status of a room: one helper for both axes, so that every change is on the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import ChangedMeanwhile, DomainError
from kezhan.core.locking import lock_row
from kezhan.core.operation import once, operation
from kezhan.hotel.choices import Cleanliness, Occupancy
from kezhan.hotel.models import Room
from kezhan.hotel.rules import status_code, step_needs_reason


class StatusStepRefused(DomainError):
    code = "hotel.status_step_refused"
    message = _("%(number)s 房还是脏房，不能直接改成已检查。")
    unlock = _("先完成清洁再检查；确需跳过时，由主管写明原因。")


def lock_room(room_id: int, property_id: int) -> Room:
    """Lock one room of a property until the transaction ends. Raises NotFound."""
    rows = Room.objects.of(property_id).filter(pk=room_id).select_related("property")
    return once(("hotel.room", room_id, property_id), lambda: lock_row(rows))


@operation
def set_room_status(
    *,
    room: Room,
    actor: Actor,
    now: datetime,
    occupancy: str | None = None,
    cleanliness: str | None = None,
    reason: str = "",
) -> Room:
    """Move a (locked) room on one axis or both; what is not given stays. No change, no event.

    Raises StatusStepRefused, and ChangedMeanwhile when the row is not what the caller read.
    """
    before = (room.occupancy, room.cleanliness)
    after = (Occupancy(occupancy or room.occupancy), Cleanliness(cleanliness or room.cleanliness))
    if after == before:
        return room
    if step_needs_reason(before[1], after[1]) and not reason.strip():
        raise StatusStepRefused(number=room.number)
    changed = Room.objects.filter(pk=room.pk, occupancy=before[0], cleanliness=before[1]).update(
        occupancy=after[0], cleanliness=after[1], status_changed_at=now
    )
    if changed != 1:
        raise ChangedMeanwhile()
    room.occupancy, room.cleanliness, room.status_changed_at = after[0], after[1], now
    audit.record(
        "hotel.room_status_changed",
        actor=actor,
        subject=room,
        at=now,
        reason=reason.strip(),
        facts={"from": status_code(*before), "to": status_code(*after)},
    )
    return room


@operation
def mark_occupied_rooms_dirty(*, place: Any, actor: Actor, now: datetime) -> int:
    """The night's step OC → OD for the whole house: one UPDATE and one event. Returns how many rooms changed."""
    changed = (
        Room.objects.of(place)
        .filter(occupancy=Occupancy.OCCUPIED)
        .exclude(cleanliness=Cleanliness.DIRTY)
        .update(cleanliness=Cleanliness.DIRTY, status_changed_at=now)
    )
    if changed:
        audit.record(
            "hotel.occupied_rooms_marked_dirty",
            actor=actor,
            subject=place,
            at=now,
            property_id=place.pk,
            group_id=place.group_id,
            facts={"rooms": changed},
        )
    return changed
