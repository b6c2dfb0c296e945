"""Words of the trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    USER = "USER", _("员工")
    TOKEN = "TOKEN", _("接口令牌")
    GUEST = "GUEST", _("客人")
    SYSTEM = "SYSTEM", _("系统")


class Origin(models.TextChoices):
    WEB = "WEB", _("网页")
    REST = "REST", _("接口")
    COMMAND = "COMMAND", _("命令行")
    JOB = "JOB", _("后台任务")
    IMPORT = "IMPORT", _("导入")
    DEMO = "DEMO", _("演示")


class Verdict(models.TextChoices):
    """What a verification finds; the words are fixed, scripts compare them."""

    OK = "ok", _("完好")
    CONTENT_CHANGED = "content_changed", _("内容被改")
    LINK_BROKEN = "link_broken", _("链接断开")
    GAP = "gap", _("缺少记录")
    CHECKPOINT_MISMATCH = "checkpoint_mismatch", _("与外存检查点不符")
