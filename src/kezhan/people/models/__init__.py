"""Staff, their posts and rights, and the machines that hold a token."""

from .posts import GROUP_WIDE, Department, DutyShift, Holding, Post, PostRole, StaffMove
from .roles import Role, RoleRight
from .tokens import ApiToken, FirstLink, TokenProperty
from .users import PasswordHistory, User, UserManager

__all__ = [
    "GROUP_WIDE",
    "ApiToken",
    "Department",
    "DutyShift",
    "FirstLink",
    "Holding",
    "PasswordHistory",
    "Post",
    "PostRole",
    "Role",
    "RoleRight",
    "StaffMove",
    "TokenProperty",
    "User",
    "UserManager",
]
