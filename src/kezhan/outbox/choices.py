"""Words of the outbox."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskState(models.TextChoices):
    READY = "READY", _("等待")
    RUNNING = "RUNNING", _("执行中")
    DONE = "DONE", _("完成")
    DEAD = "DEAD", _("已放弃")


class AnswerState(models.TextChoices):
    RUNNING = "RUNNING", _("处理中")
    DONE = "DONE", _("已答复")
