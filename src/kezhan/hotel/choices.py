"""Words of the house. Codes of the trade (VC, VD, OC …) are always printed with the word."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occupancy(models.TextChoices):
    """What the front office says of a room."""

    VACANT = "VACANT", _("空房")
    OCCUPIED = "OCCUPIED", _("住客房")


class Cleanliness(models.TextChoices):
    """What housekeeping says of a room; INSPECTED is cleaned and checked by a second person."""

    DIRTY = "DIRTY", _("脏房")
    CLEAN = "CLEAN", _("已清洁")
    INSPECTED = "INSPECTED", _("已检查")
