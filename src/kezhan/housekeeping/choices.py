from django.db import models
from django.utils.translation import gettext_lazy as _


class CleaningKind(models.TextChoices):
    DEPARTURE = "DEPARTURE", _("走客清洁")
    STAYOVER = "STAYOVER", _("住客清洁")
    REQUESTED = "REQUESTED", _("加急清洁")


class CleaningStatus(models.TextChoices):
    """planned → cleaning → cleaned → passed | failed (a failed one is cleaned again); skipped needs a reason."""

    PLANNED = "PLANNED", _("待清洁")
    CLEANING = "CLEANING", _("清洁中")
    CLEANED = "CLEANED", _("待检查")
    PASSED = "PASSED", _("已通过")
    FAILED = "FAILED", _("需返工")
    SKIPPED = "SKIPPED", _("未清洁")
