"""What this app declares and registers when the product starts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, statuses
from kezhan.people import api as people
from kezhan.policy import api as policy

from .choices import CleaningKind, CleaningStatus
from .models import CleaningTask


def register() -> None:
    _declare_rights()
    _declare_parameters()
    _register_controls()
    statuses.declare(
        "housekeeping.task",
        CleaningStatus,
        {
            "PLANNED": "due",
            "CLEANING": "busy",
            "CLEANED": "in",
            "PASSED": "ok",
            "FAILED": "bad",
            "SKIPPED": "waived",
        },
    )
    audit.name_verbs(
        {
            "housekeeping.cleaning_planned": _("安排清洁"),
            "housekeeping.stayovers_planned": _("安排住客房清洁"),
            "housekeeping.cleaning_started": _("开始清洁"),
            "housekeeping.cleaning_finished": _("完成清洁"),
            "housekeeping.cleaning_inspected": _("检查客房"),
            "housekeeping.cleaning_reset": _("重新安排清洁"),
            "housekeeping.cleaning_skipped": _("今天不清洁"),
        }
    )
    nav.register(
        nav.NavItem(
            "housekeeping", _("客房"), "housekeeping:board", "housekeeping.read", 40, "brush", shortcut="h"
        )
    )


def _declare_rights() -> None:
    managers = ["general_manager", "duty_manager", "department_head"]
    inspectors = [*managers, "housekeeping_inspector"]
    everybody = [*inspectors, "housekeeping_attendant", "front_desk"]
    rights.declare("housekeeping.read", _("查看客房清洁"))
    rights.declare("housekeeping.clean", _("清洁客房"))
    rights.declare("housekeeping.inspect", _("检查客房"))
    rights.declare("housekeeping.override", _("改房态与重新安排清洁"), high_risk=True)
    people.grant_by_default("housekeeping.read", roles=everybody)
    people.grant_by_default("housekeeping.clean", roles=["housekeeping_attendant", "housekeeping_inspector"])
    people.grant_by_default("housekeeping.inspect", roles=inspectors)
    people.grant_by_default("housekeeping.override", roles=inspectors)


def _declare_parameters() -> None:
    policy.declare(
        policy.Parameter(
            key="hygiene_pass_score",
            module="housekeeping",
            label=_("客房卫生检查及格分"),
            kind=policy.Kind.INTEGER,
            unit=policy.Unit.POINTS,
            default=90,
            hard_min=0,
            hard_max=100,
            citation=_("百分制"),
            by_law=False,
            soft_min=80,
            clauses=("S-3.3(6)",),
        )
    )
    policy.declare(
        policy.Parameter(
            key="inspection_by_second_person",
            module="housekeeping",
            label=_("客房由清洁者以外的人检查"),
            kind=policy.Kind.BOOL,
            default=True,
            clauses=("S-3.3(6)",),
        )
    )
    policy.declare(
        policy.Parameter(
            key="sell_after_inspection",
            module="housekeeping",
            label=_("客房检查通过后才安排入住"),
            kind=policy.Kind.BOOL,
            default=True,
            clauses=("S-3.1(3)", "S-3.3(6)"),
        )
    )


# A cleaned room waits for its inspection until the same hour of the next day; then the control reads breached.
INSPECT_WITHIN = timedelta(days=1)


def _cleanings(place: Any, start: date, end: date) -> QuerySet:
    return CleaningTask.objects.of(place).filter(
        business_date__gte=start, business_date__lt=end, finished_at__isnull=False
    )


def _register_controls() -> None:
    policy.register_control(
        policy.Control(
            code="housekeeping.rooms_inspected",
            kind=policy.ControlKind.STEP,
            label=_("清洁后的走客房经检查达到卫生标准"),
            clauses=("S-3.3(6)",),
            parameters=("hygiene_pass_score", "inspection_by_second_person"),
            measure=policy.StepMeasure(
                subjects=_cleanings,
                done=Q(status=CleaningStatus.PASSED),
                applies=Q(kind=CleaningKind.DEPARTURE),
                waived=Q(status=CleaningStatus.SKIPPED),
                due_at=ExpressionWrapper(F("finished_at") + INSPECT_WITHIN, output_field=DateTimeField()),
            ),
        )
    )
