"""Identity documents: checked, normalised, sealed, kept once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.fields import seal
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import insert, update
from kezhan.guests.choices import DocumentKind
from kezhan.guests.models import Guest, GuestDocument
from kezhan.guests.queries import document_index
from kezhan.guests.rules import document_problem, identity_facts, normal_country, normal_document


@operation
def keep_document(
    *, guest: Guest, kind: str, number: str, actor: Actor, now: datetime, issued_country: str = ""
) -> GuestDocument:
    """Keep the number a guest showed; shown again it is the same row. An identity card also tells birth date and sex,
    which fill what the profile lacks. Raises InvalidInput.
    """
    normal = normal_document(number)
    _refuse_wrong(kind, normal)
    guest = lock_row(Guest.objects.of(guest.group_id).filter(pk=guest.pk))
    index = document_index(kind, normal)
    known = (
        GuestDocument.objects.of(guest.group_id).filter(guest=guest, kind=kind, number_index=index).first()
    )
    if known is not None:
        return known
    document = GuestDocument(
        group_id=guest.group_id,
        guest=guest,
        kind=kind,
        number_index=index,
        issued_country=normal_country(issued_country),
        created_at=now,
    )
    seal(document, "number", normal)
    insert(document)
    learnt = _learn(guest, kind, normal)
    audit.record(
        "guests.document_kept",
        actor=actor,
        subject=guest,
        at=now,
        facts={"kind": str(kind), "learnt": learnt},
    )
    return document


def _refuse_wrong(kind: str, number: str) -> None:
    if kind not in DocumentKind.values:
        raise InvalidInput(fields={"document_kind": _("请选择证件种类。")})
    if not number:
        raise InvalidInput(fields={"document_number": _("请填写证件号码。")})
    if problem := document_problem(kind, number):
        raise InvalidInput(fields={"document_number": problem})


def _learn(guest: Guest, kind: str, number: str) -> list[str]:
    facts = identity_facts(number) if kind == DocumentKind.IDENTITY_CARD else None
    if facts is None:
        return []
    learnt = []
    if not guest.sex:
        guest.sex = facts.sex
        learnt.append("sex")
    if guest.birth_date is None:
        seal(guest, "birth_date", facts.birth_date.isoformat())
        learnt.append("birth_date")
    if not guest.nationality:
        guest.nationality = "CN"
        learnt.append("nationality")
    if learnt:
        update(guest, *learnt)
    return learnt
