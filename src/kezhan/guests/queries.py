"""Reads: finding a guest again, without opening what is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kezhan.core import masks
from kezhan.core.crypto import blind_index
from kezhan.core.errors import NotFound
from kezhan.core.fields import reveal

from .choices import DocumentKind
from .models import Guest, GuestDocument, Member
from .rules import half_width, identity_facts, normal_document, normal_phone, phone_tail, same_name, tidy_name


def phone_index(phone: str) -> str:
    return blind_index("guests.phone", phone) if phone else ""


def phone_tail_index(phone: str) -> str:
    tail = phone_tail(phone)
    return blind_index("guests.phone_tail", tail) if tail else ""


def email_index(email: str) -> str:
    return blind_index("guests.email", email) if email else ""


def document_index(kind: str, number: str) -> str:
    return blind_index(f"guests.document.{kind}", number)


def guest_by_number(group: Any, number: str) -> Guest:
    """Raises NotFound. A merged profile is followed to the one that stays."""
    found = Guest.objects.of(group).filter(number=number).first()
    if found is None:
        raise NotFound()
    return survivor(found)


def survivor(guest: Guest) -> Guest:
    """The profile that stays when this one was merged into another, possibly in several steps."""
    seen = {guest.pk}
    while guest.merged_into_id is not None and guest.merged_into_id not in seen:
        guest = guest.merged_into  # type: ignore[assignment]
        seen.add(guest.pk)
    return guest


def recognise(*, group: Any, name: str, phone: str) -> Guest | None:
    """The guest of this telephone and this name, or None. A telephone alone is not enough: families share one."""
    index = phone_index(normal_phone(phone))
    if not index or not tidy_name(name):
        return None
    known = Guest.objects.of(group).filter(phone_index=index).order_by("merged_into_id", "id")
    return next((survivor(guest) for guest in known if same_name(guest.name, name)), None)


def recognise_document(*, group: Any, kind: str, number: str) -> Guest | None:
    """The guest who once showed this document, or None."""
    index = document_index(kind, normal_document(number))
    rows = GuestDocument.objects.of(group).filter(kind=kind, number_index=index)
    document = rows.select_related("guest").order_by("id").first()
    return survivor(document.guest) if document else None


def search(group: Any, text: str, limit: int = 20) -> list[Guest]:
    """Guests by name (its beginning), pinyin or initials, telephone (whole or the last four), guest or member number,
    or whole document number. Best guesses first by name; merged profiles are left out.
    """
    wanted = tidy_name(text)
    if not wanted:
        return []
    rows = Guest.objects.of(group).filter(merged_into__isnull=True).select_related("member")
    found = rows.filter(_by_beginning(wanted) | _by_number(wanted))
    guests = list(found.distinct().order_by("name", "id")[:limit])
    if guests or len(wanted) < 2:
        return guests
    # Nothing begins like this: a given name, or the second word of a foreign one.
    inside = Q(name__icontains=wanted) | Q(name_pinyin__contains=_typed(wanted) or wanted)
    return list(rows.filter(inside).order_by("name", "id")[:limit])


def _typed(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isascii() and ch.isalnum())


def _by_beginning(text: str) -> Q:
    found = Q(name__startswith=text)
    if typed := _typed(text):
        found |= Q(name_pinyin__startswith=typed)
        if len(typed) <= 6:
            found |= Q(name_initials__startswith=typed)
    return found


def _by_number(text: str) -> Q:
    compact = normal_document(text)
    found = Q(number=half_width(text).strip().upper()) | Q(member__number=compact)
    if phone := normal_phone(text):
        found |= Q(phone_index=phone_index(phone))
    if len(compact) == 4 and compact.isdigit():
        found |= Q(phone_tail_index=blind_index("guests.phone_tail", compact))
    if len(compact) >= 5 and any(ch.isdigit() for ch in compact):
        kinds = [DocumentKind.IDENTITY_CARD] if identity_facts(compact) else DocumentKind.values
        found |= Q(documents__number_index__in=[document_index(kind, compact) for kind in kinds])
    return found


def recent(group: Any, limit: int = 20) -> QuerySet[Guest]:
    """The newest profiles, for a page where nothing was asked yet."""
    rows = Guest.objects.of(group).filter(merged_into__isnull=True).select_related("member")
    return rows.order_by("-id")[:limit]


def masked_phone(guest: Guest) -> str:
    """138****5621, or "" when there is none."""
    return masks.mask_phone(reveal(guest, "phone"))


def masked_email(guest: Guest) -> str:
    email = reveal(guest, "email")
    return masks.mask_email(email) if email else ""


def masked_birth_date(guest: Guest) -> str:
    """The year and no more: enough to tell father from son."""
    born = reveal(guest, "birth_date")
    return f"{born[:4]}-**-**" if born else ""


def masked_document(document: GuestDocument) -> str:
    """4403**********1234."""
    return masks.mask_document(reveal(document, "number"))


def age_on(guest: Guest, day: date) -> int | None:
    """Whole years on that day, or None when the date of birth is not known."""
    text = reveal(guest, "birth_date")
    if not text:
        return None
    born = date.fromisoformat(text)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def membership(guest: Guest, on: date) -> Member | None:
    """The membership that counts on that day, or None."""
    member = Member.objects.of(guest.group_id).filter(guest=guest, joined_date__lte=on)
    return member.exclude(ends_date__lte=on).first()
