"""Words for the events of the desk, as a stay's history prints them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Any] = {
    "frontdesk.checked_in": _("办理入住"),
    "frontdesk.guest_registered": _("登记同住人"),
    "frontdesk.departure_changed": _("更改离店日期"),
    "frontdesk.room_moved": _("换房"),
    "frontdesk.checked_out": _("办理离店"),
    "frontdesk.check_in_undone": _("撤销入住"),
    "frontdesk.check_out_undone": _("撤销离店"),
}


def history(events: Any) -> list[tuple[Any, Any]]:
    """Events with their words; an event of another app shows its own name."""
    return [(event, VERBS.get(event.verb, event.verb)) for event in events]
