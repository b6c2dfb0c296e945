"""What this app declares and registers when the product starts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, statuses
from kezhan.people import api as people
from kezhan.policy import api as policy

from .choices import DepositStatus, FolioStatus
from .models import Deposit

DESK = ["front_desk", "cashier", "duty_manager", "general_manager"]
MANAGERS = ["duty_manager", "general_manager"]


_VERBS = {
    "billing.charge_codes_set_up": _("建立入账代码"),
    "billing.folio_opened": _("开立账单"),
    "billing.folio_closed": _("关闭账单"),
    "billing.folio_reopened": _("重新打开账单"),
    "billing.window_added": _("新增账页"),
    "billing.charge_posted": _("入账消费"),
    "billing.room_charges_posted": _("房费过账"),
    "billing.payment_taken": _("收款"),
    "billing.credit_paid_back": _("退多收款"),
    "billing.deposit_taken": _("收押金"),
    "billing.deposit_settled": _("退还押金"),
    "billing.deposit_settlement_undone": _("撤销押金退还"),
    "billing.posting_reversed": _("冲销"),
    "billing.ledger_day_closed": _("三账关账"),
}


def register() -> None:
    _declare_rights()
    _declare_parameters()
    _declare_looks()
    audit.name_verbs(_VERBS)
    policy.register_control(
        policy.Control(
            code="billing.deposit_returned_in_full",
            kind=policy.ControlKind.STEP,
            label=_("押金全额退还，抵扣须写明原因"),
            clauses=("S-3.1(4)b",),
            parameters=("deposit_refund_percent",),
            measure=policy.StepMeasure(
                subjects=settled_deposits, done=Q(status=DepositStatus.RETURNED) | ~Q(reason="")
            ),
        )
    )
    nav.register(
        nav.NavItem(
            key="billing",
            label=_("账务"),
            url_name="billing:ledgers",
            right="billing.read",
            order=90,
            icon="cash",
        )
    )


def settled_deposits(place: Any, start: date, end: date) -> QuerySet[Deposit]:
    """Deposits that went back, in full or in part, on business dates of [start, end)."""
    rows = Deposit.objects.of(place).filter(settled_business_date__gte=start, settled_business_date__lt=end)
    return rows.filter(status__in=[DepositStatus.RETURNED, DepositStatus.SETTLED])


def _declare_rights() -> None:
    rights.declare("billing.read", _("查看账单与账务"))
    rights.declare("billing.post", _("入账消费"))
    rights.declare("billing.take_payment", _("收款与收押金"))
    rights.declare("billing.reverse", _("冲销、减免与退多收款"), high_risk=True)
    rights.declare("billing.return_deposit", _("退还押金"))
    people.grant_by_default("billing.read", roles=[*DESK, "finance", "auditor", "department_head"])
    for right in ("billing.post", "billing.take_payment", "billing.return_deposit"):
        people.grant_by_default(right, roles=DESK)
    people.grant_by_default("billing.reverse", roles=[*MANAGERS, "finance"])


def _declare_parameters() -> None:
    policy.declare(
        policy.Parameter(
            key="deposit_refund_percent",
            module="billing",
            label=_("退房无损时押金退还比例"),
            kind=policy.Kind.PERCENT,
            unit=policy.Unit.PERCENT,
            default=Decimal(100),
            soft_min=Decimal(100),
            soft_max=Decimal(100),
            clauses=("S-3.1(4)b",),
            given=True,
            note=_("制度写明全额退还；退还低于此比例时必须写明抵扣项目和原因。"),
        )
    )
    policy.declare(
        policy.Parameter(
            key="deposit_nights",
            module="billing",
            label=_("按几晚房价收押金"),
            kind=policy.Kind.INTEGER,
            unit=policy.Unit.NIGHTS,
            default=1,
            soft_min=0,
            soft_max=3,
            clauses=("S-3.1(4)",),
            note=_("设为 0 时改收固定金额的押金。"),
        )
    )
    policy.declare(
        policy.Parameter(
            key="deposit_fixed_yuan",
            module="billing",
            label=_("固定押金金额"),
            kind=policy.Kind.MONEY,
            unit=policy.Unit.YUAN,
            default=Decimal(300),
            soft_min=Decimal(0),
            soft_max=Decimal(5000),
            clauses=("S-3.1(4)",),
            note=_("“按几晚房价收押金”设为 0 时使用。"),
        )
    )


def _declare_looks() -> None:
    statuses.declare("billing.folio", FolioStatus, {FolioStatus.OPEN: "due", FolioStatus.CLOSED: "ok"})
    statuses.declare(
        "billing.deposit",
        DepositStatus,
        {
            DepositStatus.HELD: "due",
            DepositStatus.RETURNED: "ok",
            DepositStatus.SETTLED: "busy",
            DepositStatus.VOIDED: "off",
        },
    )
