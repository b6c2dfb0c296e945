"""What this app declares and registers when the product starts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.billing import api as billing
from kezhan.core import home, nav, rights, statuses
from kezhan.people import api as people
from kezhan.policy import api as policy

from .choices import AuditStatus, DocumentCheck, StayStatus
from .home import home_card
from .models import Stay, StayGuest
from .night_audit.blockers import due_outs, open_arrivals, register_blockers, unconfirmed


def register() -> None:
    _declare_rights()
    _declare_parameters()
    _register_controls()
    _register_navigation()
    audit.name_verbs(
        {
            "frontdesk.checked_in": _("办理入住"),
            "frontdesk.guest_registered": _("登记住客"),
            "frontdesk.checked_out": _("办理离店"),
            "frontdesk.check_in_undone": _("撤销入住"),
            "frontdesk.check_out_undone": _("撤销离店"),
            "frontdesk.departure_changed": _("更改离店日期"),
            "frontdesk.room_moved": _("换房"),
            "frontdesk.night_audit_started": _("开始夜审"),
            "frontdesk.night_audit_finished": _("完成夜审"),
        }
    )
    statuses.declare("frontdesk.stay", StayStatus, {"IN_HOUSE": "busy", "DEPARTED": "out", "UNDONE": "off"})
    statuses.declare("frontdesk.audit", AuditStatus, {"RUNNING": "due", "DONE": "ok"})
    register_blockers("frontdesk.due_outs", due_outs)
    register_blockers("frontdesk.arrivals", open_arrivals)
    register_blockers("frontdesk.unconfirmed", unconfirmed)


def _declare_rights() -> None:
    managers = ["general_manager", "duty_manager", "department_head"]
    desk = [*managers, "front_desk"]
    declared = (
        ("frontdesk.read", _("查看前台"), False, [*desk, "reservations", "cashier", "finance", "auditor"]),
        ("frontdesk.check_in", _("办理入住"), False, desk),
        ("frontdesk.check_out", _("办理离店"), False, [*desk, "cashier"]),
        ("frontdesk.undo", _("撤销入住与离店"), True, desk),
        ("frontdesk.waive_deposit", _("免收押金"), True, managers),
        ("frontdesk.night_audit", _("夜审"), True, [*desk, "auditor"]),
    )
    for code, label, high_risk, roles in declared:
        rights.declare(code, label, high_risk=high_risk)
        people.grant_by_default(code, roles=roles)


def _declare_parameters() -> None:
    policy.declare(
        policy.Parameter(
            key="audit_marks_no_shows",
            module="frontdesk",
            label=_("夜审自动把应到未到记为未到"),
            kind=policy.Kind.BOOL,
            default=True,
        )
    )


def _register_navigation() -> None:
    nav.register(
        nav.NavItem(
            "frontdesk", _("前台"), "frontdesk:today", "frontdesk.read", 30, "door-enter", shortcut="a"
        )
    )
    nav.register(
        nav.NavItem("rack", _("房态图"), "frontdesk:rack", "frontdesk.read", 10, "layout-grid", shortcut="r")
    )
    nav.register(
        nav.NavItem("chart", _("远期房态"), "frontdesk:chart", "frontdesk.read", 15, "timeline", shortcut="t")
    )
    nav.register(
        nav.NavItem(
            "night_audit", _("夜审"), "frontdesk:night_audit", "frontdesk.night_audit", 35, "moon-stars"
        )
    )
    home.register(home.HomeCard("frontdesk", "frontdesk.read", 10, "frontdesk/_home.html", home_card))


# ---------------------------------------------------------------- controls


def _registered(place: Any, start: date, end: date) -> QuerySet:
    return (
        StayGuest.objects.of(place)
        .filter(stay__checked_in_business_date__gte=start, stay__checked_in_business_date__lt=end)
        .exclude(stay__status=StayStatus.UNDONE)
    )


def _stays(place: Any, start: date, end: date) -> QuerySet:
    deposits = billing.Deposit.objects.filter(folio=OuterRef("folio"))
    return (
        Stay.objects.of(place)
        .filter(checked_in_business_date__gte=start, checked_in_business_date__lt=end)
        .exclude(status=StayStatus.UNDONE)
        .annotate(has_deposit=Exists(deposits))
    )


def _register_controls() -> None:
    policy.register_control(
        policy.Control(
            code="frontdesk.documents_checked",
            kind=policy.ControlKind.STEP,
            label=_("每位登记的客人都核对了证件"),
            clauses=("S-3.1(1)",),
            measure=policy.StepMeasure(
                subjects=_registered,
                done=Q(
                    document__isnull=False, document_check__in=[DocumentCheck.MATCHED, DocumentCheck.READER]
                ),
                waived=Q(document_check=DocumentCheck.PROVISIONAL),
                applies=~Q(document_check=DocumentCheck.IMPORTED),
            ),
        )
    )
    policy.register_control(
        policy.Control(
            code="frontdesk.deposit_taken",
            kind=policy.ControlKind.STEP,
            label=_("入住时收取押金，或写明免收原因"),
            clauses=("S-3.1(4)",),
            parameters=("deposit_nights", "deposit_fixed_yuan"),
            measure=policy.StepMeasure(
                subjects=_stays,
                done=Q(has_deposit=True),
                waived=Q(has_deposit=False) & ~Q(deposit_waiver_reason=""),
            ),
        )
    )
