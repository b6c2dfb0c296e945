"""What this app declares and registers when the product starts."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, shell
from kezhan.people import api as people

from .queries import NotOpenedYet, business_date


def register() -> None:
    rights.declare("hotel.read", _("查看房型与房间"))
    rights.declare("hotel.manage", _("管理房型与房间"), high_risk=True)
    people.grant_by_default(
        "hotel.read",
        roles=["general_manager", "duty_manager", "department_head", "front_desk", "reservations", "auditor"],
    )
    people.grant_by_default("hotel.manage", roles=["general_manager"])
    audit.name_verbs(
        {
            "hotel.business_day_opened": _("开启营业日"),
            "hotel.business_date_rolled": _("推进营业日"),
            "hotel.room_type_added": _("新增房型"),
            "hotel.room_type_retired": _("停用房型"),
            "hotel.room_added": _("新增房间"),
            "hotel.room_retired": _("停用房间"),
            "hotel.room_status_changed": _("更改房态"),
            "hotel.occupied_rooms_marked_dirty": _("住客房转脏"),
        }
    )
    shell.register_business_date(business_date_or_none)
    nav.register(
        nav.NavItem(
            key="hotel", label=_("房型与房间"), url_name="hotel:rooms", right="hotel.read", order=900,
            icon="building",
        )
    )  # fmt: skip


def business_date_or_none(place: Any) -> date | None:
    """For the top bar of every page, also of a house whose first day has not begun."""
    try:
        return business_date(place)
    except NotOpenedYet:
        return None
