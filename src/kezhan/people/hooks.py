"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.core import door, rights

from .gate import Doorkeeper
from .roles import grant_by_default


def register() -> None:
    door.register_resolver(Doorkeeper())
    _declare_rights()


def _declare_rights() -> None:
    rights.declare("people.read", _("查看员工、岗位与排班"), scope="group")
    rights.declare("people.manage", _("管理员工、岗位与排班"), scope="group", high_risk=True)
    rights.declare("people.manage_roles", _("管理角色与权限"), scope="group", high_risk=True)
    rights.declare("people.manage_tokens", _("管理接口令牌"), scope="group", high_risk=True)
    grant_by_default(
        "people.read", roles=["general_manager", "duty_manager", "department_head", "hr", "auditor"]
    )
    grant_by_default("people.manage", roles=["hr"])
