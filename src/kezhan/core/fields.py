"""The model field for personal data: sealed in the column, opened only on purpose."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from . import crypto


class Sealed(bytes):
    """Ciphertext as the row holds it. Printing it shows dots; `reveal` opens it."""

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__


class EncryptedField(models.BinaryField):
    """A text sealed with the record's `seal_id`. Assign through `seal`, read through `reveal`; filtering is refused."""

    description = "text sealed with AES-256-GCM"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} takes a sealed value: use seal(row, {self.name!r}, text)")
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed and cannot be searched: use its blind index")
        return super().get_lookup(lookup_name)


class HasSealedFields(models.Model):
    """Brings the random id that binds each ciphertext to its row."""

    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def seal(row: HasSealedFields, field: str, text: str) -> None:
    """Put `text` sealed into `row.field`; an empty text clears it. The row still has to be saved."""
    setattr(row, field, Sealed(crypto.encrypt(text, bound_to=_place(row, field))) if text else None)


def reveal(row: HasSealedFields, field: str) -> str:
    """The text behind `row.field`, or "". The caller answers for purpose and trail. Raises CannotDecrypt."""
    value = getattr(row, field)
    return crypto.decrypt(value, bound_to=_place(row, field)) if value is not None else ""


def _place(row: HasSealedFields, field: str) -> str:
    return f"{row._meta.db_table}.{field}:{row.seal_id}"
