"""Pure functions: how telephones, names and document numbers are brought into one form. No database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as BadNumber

from .choices import DocumentKind, Sex

_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_DOCUMENT_SHAPES = {
    DocumentKind.PASSPORT: re.compile(r"(?=.*\d)[A-Z0-9]{5,14}\Z"),
    DocumentKind.HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(?:\d{2})?\Z"),
    DocumentKind.TAIWAN_PERMIT: re.compile(r"\d{8}(?:\d{2}[A-Z]?)?\Z"),
    DocumentKind.RESIDENCE_PERMIT: re.compile(r"(?:[A-Z]{3}\d{12}|9\d{17})\Z"),
    DocumentKind.OTHER: re.compile(r"[A-Z0-9]{3,30}\Z"),
}
_NOT_A_COUNTRY = re.compile(r"[^A-Z]")


def half_width(text: str) -> str:
    """Full-width letters and digits as people type them on a Chinese keyboard, in their plain form."""
    return unicodedata.normalize("NFKC", text)


def normal_phone(text: str) -> str:
    """One form for one telephone: a mainland number without its country code, a foreign one as +country…; "" when the
    text is no telephone number.
    """
    compact = re.sub(r"[\s\-().·]", "", half_width(text))
    if not re.fullmatch(r"\+?\d{5,18}", compact):
        return ""
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if compact.startswith("+86"):
        national = compact[3:]
        return national if _MOBILE.match(national) else "0" + national.lstrip("0")
    if len(compact) == 13 and compact.startswith("86") and _MOBILE.match(compact[2:]):
        return compact[2:]
    return compact


def phone_tail(phone: str) -> str:
    """The last four digits, by which a desk asks for a guest."""
    return phone[-4:] if len(phone) >= 7 else ""


def tidy_name(text: str) -> str:
    return " ".join(half_width(text).split())


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are the same name: width, letter case, spaces and the dot in it do not count."""
    return _bare(one) == _bare(other) != ""


def _bare(name: str) -> str:
    return re.sub(r"[\s·•・.\-]", "", half_width(name)).casefold()


def normal_email(text: str) -> str:
    return half_width(text).strip().lower()


def email_is_fine(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", text))


def normal_country(text: str) -> str:
    """ISO 3166, two or three capital letters; "" when it is none."""
    code = _NOT_A_COUNTRY.sub("", half_width(text).upper())
    return code if len(code) in (2, 3) else ""


def normal_document(text: str) -> str:
    return re.sub(r"[\s\-]", "", half_width(text)).upper()


@dataclass(frozen=True)
class IdentityFacts:
    """What an identity card's own number says about its holder."""

    birth_date: date
    sex: Sex


def identity_facts(number: str) -> IdentityFacts | None:
    """From a resident identity number; None when length, region, date of birth or check digit are wrong."""
    try:
        valid = ric.validate(number)
    except BadNumber:
        return None
    return IdentityFacts(ric.get_birth_date(valid), Sex.MALE if int(valid[16]) % 2 else Sex.FEMALE)


def document_problem(kind: str, number: str) -> Any:
    """Why a normalised number cannot be of that kind of document, in words; "" when it can."""
    if kind == DocumentKind.IDENTITY_CARD:
        return "" if identity_facts(number) else _("身份证号码不对，请核对 18 位号码（校验位不符）。")
    shape = _DOCUMENT_SHAPES.get(DocumentKind(kind))
    if shape is not None and not shape.match(number):
        return _("这个号码不像%(kind)s的号码，请核对。") % {"kind": DocumentKind(kind).label}
    return ""
