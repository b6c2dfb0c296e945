"""What other apps may call."""

from .choices import Language, MoveKind
from .models import ApiToken, Department, DutyShift, Holding, Post, Role, StaffMove, User
from .queries import Standing, duty_now, properties_of, rights_of, standing_of
from .roles import ADMINISTRATOR, default_rights, grant_by_default

__all__ = [
    "ADMINISTRATOR",
    "ApiToken",
    "Department",
    "DutyShift",
    "Holding",
    "Language",
    "MoveKind",
    "Post",
    "Role",
    "StaffMove",
    "Standing",
    "User",
    "default_rights",
    "duty_now",
    "grant_by_default",
    "properties_of",
    "rights_of",
    "standing_of",
]
