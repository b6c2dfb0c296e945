"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, statuses
from kezhan.outbox import api as outbox

from .choices import State
from .snapshot import reading


def register() -> None:
    rights.declare("policy.read", _("查看参数"), scope="group")
    rights.declare("policy.change", _("修改参数"), scope="group", high_risk=True)
    nav.register(
        nav.NavItem(
            key="policy", label=_("参数"), url_name="policy:parameters", right="policy.read", order=930,
            icon="adjustments", scope="group",
        )
    )  # fmt: skip
    outbox.register_frame("policy.reading", reading)
    audit.name_verbs({"policy.value_set": _("修改参数")})
    statuses.declare(
        "policy.control",
        State,
        {
            State.NOT_DUE: "plain", State.DUE: "due", State.MET: "ok", State.MET_LATE: "due",
            State.BREACHED: "bad", State.WAIVED: "waived", State.UNKNOWN: "off",
        },
    )  # fmt: skip
