"""Words of parameters and controls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a parameter holds, and what `value` returns for it."""

    DURATION = "DURATION", _("时长")  # int, counted in the parameter's unit
    INTEGER = "INTEGER", _("整数")  # int
    DECIMAL = "DECIMAL", _("小数")  # Decimal
    PERCENT = "PERCENT", _("百分比")  # Decimal, 10 for ten per cent
    MONEY = "MONEY", _("金额")  # Decimal with two places
    TIME = "TIME", _("时刻")  # datetime.time on the property's clock
    CHOICE = "CHOICE", _("选项")  # str, one of `choices`
    BOOL = "BOOL", _("是否")  # bool
    TEXT = "TEXT", _("文本")  # str, at most 200 characters
    TABLE = "TABLE", _("分档表")  # tuple of dicts, one for each row


class Unit(models.TextChoices):
    NONE = "", ""
    SECONDS = "seconds", _("秒")
    MINUTES = "minutes", _("分钟")
    HOURS = "hours", _("小时")
    DAYS = "days", _("天")
    WORKING_DAYS = "working_days", _("个工作日")
    WEEKS = "weeks", _("周")
    MONTHS = "months", _("个月")
    YEARS = "years", _("年")
    PERCENT = "percent", "%"
    YUAN = "yuan", _("元")
    WAN = "wan", _("万元")
    TIMES = "times", _("次")
    PEOPLE = "people", _("人")
    ROOMS = "rooms", _("间")
    PIECES = "pieces", _("个")
    NIGHTS = "nights", _("晚")
    POINTS = "points", _("分")
    BITS = "bits", _("位")
    CHARACTERS = "characters", _("字")
    PIXELS = "pixels", _("像素")
    GRAMS = "grams", _("克")
    LEVELS = "levels", _("级")


class Scope(models.TextChoices):
    GROUP = "GROUP", _("集团")
    PROPERTY = "PROPERTY", _("门店")
    DEPARTMENT = "DEPARTMENT", _("部门")


class ControlKind(models.TextChoices):
    """Closed: a new kind needs a decision, not a row."""

    DEADLINE = "DEADLINE", _("时限")
    CADENCE = "CADENCE", _("周期")
    APPROVAL = "APPROVAL", _("审批")
    DUAL_CONTROL = "DUAL_CONTROL", _("双人控制")
    CONSENT = "CONSENT", _("同意")
    RETENTION = "RETENTION", _("保存期限")
    SAMPLING = "SAMPLING", _("抽查")
    THRESHOLD = "THRESHOLD", _("阈值")
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT", _("签阅")
    PROHIBITION = "PROHIBITION", _("禁止")
    STEP = "STEP", _("步骤")
    PERMISSION = "PERMISSION", _("权限")


class State(models.TextChoices):
    """How one subject of a control stands; and, taken together, the control."""

    NOT_DUE = "not_due", _("未到期")
    DUE = "due", _("待办")
    MET = "met", _("达成")
    MET_LATE = "met_late", _("逾期达成")
    BREACHED = "breached", _("违反")
    WAIVED = "waived", _("豁免")
    UNKNOWN = "unknown", _("未知")
