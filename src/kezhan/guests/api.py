"""What other apps may call."""

from .choices import DocumentKind, GuestKind, MemberTier, Sex
from .models import Guest, GuestDocument, Member
from .operations import (
    MemberNumberTaken,
    change_membership,
    enrol_member,
    find_or_make,
    keep_document,
    make_profile,
    promote,
    update_profile,
)
from .queries import (
    age_on,
    guest_by_number,
    masked_birth_date,
    masked_document,
    masked_email,
    masked_phone,
    membership,
    recognise,
    recognise_document,
    search,
    survivor,
)
from .rules import normal_phone, tidy_name

__all__ = [
    "DocumentKind",
    "Guest",
    "GuestDocument",
    "GuestKind",
    "Member",
    "MemberNumberTaken",
    "MemberTier",
    "Sex",
    "age_on",
    "change_membership",
    "enrol_member",
    "find_or_make",
    "guest_by_number",
    "keep_document",
    "make_profile",
    "masked_birth_date",
    "masked_document",
    "masked_email",
    "masked_phone",
    "membership",
    "normal_phone",
    "promote",
    "recognise",
    "recognise_document",
    "search",
    "survivor",
    "tidy_name",
    "update_profile",
]
