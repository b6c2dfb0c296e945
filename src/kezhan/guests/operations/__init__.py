"""What changes about guests: profiles, documents, memberships. Nothing personal goes to the trail."""

from .documents import keep_document
from .members import MemberNumberTaken, change_membership, enrol_member
from .profiles import find_or_make, make_profile, promote, update_profile

__all__ = [
    "MemberNumberTaken",
    "change_membership",
    "enrol_member",
    "find_or_make",
    "keep_document",
    "make_profile",
    "promote",
    "update_profile",
]
