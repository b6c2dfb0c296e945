"""Parameters of every kind, known while the tests of this app run."""

from kezhan.policy.choices import Kind, Scope, Unit
from kezhan.policy.parameters import PARAMETERS, Column, Parameter

_MADE = (
    Parameter(key="t_hours", module="policy", label="测试时长", kind=Kind.DURATION, unit=Unit.HOURS, default=24),
    Parameter(
        key="t_law", module="policy", label="上报时限", kind=Kind.DURATION, unit=Unit.HOURS, default=12,
        hard_max=24, citation="旅馆业治安管理办法第六条",
    ),
    Parameter(key="t_percent", module="policy", label="比例", kind=Kind.PERCENT, unit=Unit.PERCENT, default=10, soft_max=20),
    Parameter(key="t_money", module="policy", label="金额", kind=Kind.MONEY, unit=Unit.YUAN, default="300.00"),
    Parameter(key="t_time", module="policy", label="时刻", kind=Kind.TIME, default="18:00"),
    Parameter(
        key="t_choice", module="policy", label="选项", kind=Kind.CHOICE, default="A", choices=(("A", "甲"), ("B", "乙"))
    ),
    Parameter(key="t_bool", module="policy", label="是否", kind=Kind.BOOL, default=False),
    Parameter(
        key="t_tiers", module="policy", label="分档", kind=Kind.TABLE, default=["3000", "10000", "25000"],
        columns=(Column("spend", "消费"),), ascending="spend",
    ),
    Parameter(
        key="t_group_only", module="policy", label="集团统一", kind=Kind.INTEGER, default=2, scopes=(Scope.GROUP,)
    ),
)  # fmt: skip


def with_test_parameters() -> None:
    for parameter in _MADE:
        PARAMETERS._entries[parameter.key] = parameter


def forget_test_parameters() -> None:
    for parameter in _MADE:
        PARAMETERS._entries.pop(parameter.key, None)
