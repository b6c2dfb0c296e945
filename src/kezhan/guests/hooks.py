"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, statuses
from kezhan.people import api as people

from .choices import GuestKind, MemberTier

DESK = ["front_desk", "reservations", "duty_manager", "general_manager"]


def register() -> None:
    rights.declare("guests.read", _("查看客人档案"))
    rights.declare("guests.edit", _("修改客人档案与会员"))
    people.grant_by_default("guests.read", roles=[*DESK, "department_head", "cashier"])
    people.grant_by_default("guests.edit", roles=DESK)
    statuses.declare("guests.guest", GuestKind, {GuestKind.TEMPORARY: "due", GuestKind.REGULAR: "ok"})
    statuses.declare(
        "guests.tier",
        MemberTier,
        {MemberTier.SILVER: "busy", MemberTier.GOLD: "ok", MemberTier.PLATINUM: "in"},
    )
    audit.name_verbs(
        {
            "guests.profile_made": _("建立客人档案"),
            "guests.profile_changed": _("修改客人档案"),
            "guests.profile_promoted": _("临时档案转正"),
            "guests.document_kept": _("登记证件"),
            "guests.member_enrolled": _("办理入会"),
            "guests.membership_changed": _("调整会员"),
        }
    )
    nav.register(
        nav.NavItem(
            key="guests",
            label=_("宾客"),
            url_name="guests:guests",
            right="guests.read",
            order=80,
            icon="users",
        )
    )
