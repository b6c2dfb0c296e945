from django.db import models
from django.utils.translation import gettext_lazy as _


class StayStatus(models.TextChoices):
    IN_HOUSE = "IN_HOUSE", _("在住")
    DEPARTED = "DEPARTED", _("已离店")
    UNDONE = "UNDONE", _("入住已撤销")


class DocumentCheck(models.TextChoices):
    """How the paper was compared with the person (S-3.1(1))."""

    MATCHED = "MATCHED", _("人证相符")
    READER = "READER", _("读卡器核验")
    PROVISIONAL = "PROVISIONAL", _("公安临时核验")
    IMPORTED = "IMPORTED", _("历史导入")


class AuditStatus(models.TextChoices):
    RUNNING = "RUNNING", _("进行中")
    DONE = "DONE", _("已完成")
