"""Words that rows of this app store."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"  # no-translate: a language is named in itself
    ENGLISH = "en", "English"


class MoveKind(models.TextChoices):
    """What happened to a person's place in the house; kept for ever, so that a post of last year can be explained."""

    HIRED = "HIRED", _("入职")
    TRANSFERRED = "TRANSFERRED", _("调岗")
    LEFT = "LEFT", _("离职")
