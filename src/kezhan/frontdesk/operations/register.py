"""Registering the people of a stay: profile, document, guardian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kezhan.core.actor import Actor
from kezhan.core.errors import NotFound
from kezhan.core.fields import reveal, seal
from kezhan.core.prepared import insert
from kezhan.guests import api as guests

from .. import refusals, rules
from ..choices import DocumentCheck
from ..models import Stay, StayGuest
from ..values import GuestAtDesk

NEEDS_NO_DOCUMENT = (DocumentCheck.IMPORTED, DocumentCheck.PROVISIONAL)


def check_party(people: Sequence[GuestAtDesk]) -> None:
    """Somebody is registered, one of them the main guest, each with a document checked. Raises NobodyRegistered,
    DocumentMissing."""
    if not people or sum(person.is_main for person in people) != 1:
        raise refusals.NobodyRegistered()
    for person in people:
        check_document(person)


def check_document(person: GuestAtDesk) -> None:
    if person.check in NEEDS_NO_DOCUMENT:
        return
    if person.check not in DocumentCheck.values or not (
        person.document_kind and person.document_number.strip()
    ):
        raise refusals.DocumentMissing(guest=person.name or "–")


def profile(person: GuestAtDesk, place: Any, *, actor: Actor, now: datetime) -> guests.Guest:
    """The profile behind a person at the desk, found by id, by the document shown, or by name and telephone; otherwise
    made. A temporary one grows into a regular one. Sex and birth date fill what the profile lacks.
    """
    guest = _known(person, place)
    if guest is None:
        guest, _found = guests.find_or_make(
            group=place.group, name=person.name, phone=person.phone, actor=actor, now=now
        )
    lacking: dict[str, Any] = {}
    if person.sex and not guest.sex:
        lacking["sex"] = person.sex
    if person.birth_date and guest.birth_date is None:
        lacking["birth_date"] = person.birth_date
    if lacking:
        guest = guests.update_profile(
            guest_id=guest.pk, group_id=guest.group_id, actor=actor, now=now, **lacking
        )
    return guests.promote(guest=guest, actor=actor, now=now)


def _known(person: GuestAtDesk, place: Any) -> guests.Guest | None:
    if person.guest_id is not None:
        found = guests.Guest.objects.of(place.group_id).filter(pk=person.guest_id).first()
        if found is None:
            raise NotFound()
        return guests.survivor(found)
    if not person.document_number.strip():
        return None
    shown = guests.recognise_document(
        group=place.group_id, kind=person.document_kind, number=person.document_number
    )
    same = shown is not None and guests.tidy_name(shown.name) == guests.tidy_name(person.name)
    return shown if same else None


def register(
    stay: Stay, guest: guests.Guest, person: GuestAtDesk, *, day: date, actor: Actor, now: datetime
) -> StayGuest:
    """The row of one person not registered yet. Raises GuardianMissing, and what `guests` says of a wrong number."""
    document = None
    if person.document_number.strip():
        document = guests.keep_document(
            guest=guest, kind=person.document_kind, number=person.document_number,
            issued_country=person.issued_country, actor=actor, now=now,
        )  # fmt: skip
        guest = document.guest  # an identity card has just told its birth date
    row = StayGuest(
        property_id=stay.property_id, stay=stay, guest=guest, document=document, is_main=person.is_main,
        document_check=person.check, checked_by=actor.name[:80], arrived_at=now,
    )  # fmt: skip
    _note_guardian(row, guest, person, day)
    insert(row)
    return row


def _note_guardian(row: StayGuest, guest: guests.Guest, person: GuestAtDesk, day: date) -> None:
    row.is_minor = rules.is_minor(person.birth_date or _birth_date(guest), day)
    if not row.is_minor:
        return
    row.guardian_relation = person.guardian_relation.strip()[:60]
    seal(row, "guardian_phone", person.guardian_phone.strip())
    complete = row.guardian_relation and row.guardian_phone is not None
    if not complete and person.check != DocumentCheck.IMPORTED:
        raise refusals.GuardianMissing(guest=guest.name)


def _birth_date(guest: guests.Guest) -> date | None:
    text = reveal(guest, "birth_date")
    return date.fromisoformat(text) if text else None
