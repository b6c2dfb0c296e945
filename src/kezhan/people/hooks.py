"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import door, nav, rights
from kezhan.core.nav import NavItem
from kezhan.policy import api as policy
from kezhan.policy.api import Kind, Parameter, Scope, Unit

from . import passwords
from .roles import grant_by_default

_VERBS = {
    "people.signed_in": _("登录"),
    "people.hired": _("办理入职"),
    "people.left": _("办理离职"),
    "people.transferred": _("调岗"),
    "people.person_updated": _("修改员工资料"),
    "people.access_opened": _("开通登录"),
    "people.access_closed": _("停用登录"),
    "people.post_given": _("任命岗位"),
    "people.post_ended": _("解除岗位"),
    "people.department_opened": _("设立部门"),
    "people.post_opened": _("设立岗位"),
    "people.post_updated": _("修改岗位"),
    "people.post_retired": _("撤销岗位"),
    "people.role_made": _("新建角色"),
    "people.role_changed": _("修改角色"),
    "people.roles_shipped": _("授予新版本的权限"),
    "people.shift_planned": _("排班"),
    "people.shift_cancelled": _("取消排班"),
    "people.password_changed": _("修改密码"),
    "people.password_reset": _("重设密码"),
    "people.password_expired": _("密码到期"),
    "people.second_step_removed": _("解除两步验证"),
    "people.token_issued": _("签发接口令牌"),
    "people.token_revoked": _("作废接口令牌"),
}


def register() -> None:
    # The models that sign-in asks for are loaded by now, not before.
    from .gate import Doorkeeper
    from .queries import departments_at

    door.register_resolver(Doorkeeper())
    policy.register_departments(departments_at)
    _declare_rights()
    _declare_parameters()
    audit.name_verbs(_VERBS)
    nav.register(
        NavItem(
            key="people",
            label=_("员工"),
            url_name="people:list",
            right="people.read",
            order=910,
            icon="users",
            scope="group",
        )
    )


def _declare_rights() -> None:
    rights.declare("people.read", _("查看员工、岗位与排班"), scope="group")
    rights.declare("people.manage", _("管理员工、岗位与排班"), scope="group", high_risk=True)
    rights.declare("people.manage_roles", _("管理角色与权限"), scope="group", high_risk=True)
    rights.declare("people.manage_tokens", _("管理接口令牌"), scope="group", high_risk=True)
    grant_by_default(
        "people.read", roles=["general_manager", "duty_manager", "department_head", "hr", "auditor"]
    )
    grant_by_default("people.manage", roles=["hr"])


def _declare_parameters() -> None:
    policy.declare(
        Parameter(
            key=passwords.MINIMUM_LENGTH, label=_("密码最短长度"), kind=Kind.INTEGER, default=10,
            unit=Unit.CHARACTERS, soft_min=8, soft_max=64, module="people", scopes=(Scope.GROUP,),
        )
    )  # fmt: skip
    policy.declare(
        Parameter(
            key=passwords.HISTORY, label=_("不能重复使用的最近密码个数"), kind=Kind.INTEGER, default=5,
            unit=Unit.PIECES, soft_min=0, soft_max=24, module="people", scopes=(Scope.GROUP,),
        )
    )  # fmt: skip
    policy.declare(
        Parameter(
            key=passwords.ROTATION, label=_("员工密码定期更换"), kind=Kind.BOOL, default=False,
            note=_("默认不强制：频繁更换会让人选更弱的密码。"), module="people", scopes=(Scope.GROUP,),
        )
    )  # fmt: skip
    policy.declare(
        Parameter(
            key=passwords.ROTATION_DAYS, label=_("密码更换周期"), kind=Kind.DURATION, default=90,
            unit=Unit.DAYS, soft_min=30, soft_max=365, module="people", scopes=(Scope.GROUP,),
        )
    )  # fmt: skip
