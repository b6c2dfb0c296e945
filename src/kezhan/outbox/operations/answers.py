"""Answers kept by Idempotency-Key. The row is written in the transaction of the change it belongs to: both are there or
neither, so a request that was killed leaves no row behind, and a repeat of one that was committed finds its answer.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError
from kezhan.core.fields import reveal, seal

from ..choices import AnswerState
from ..models import IdempotentAnswer

KEPT_FOR = timedelta(hours=24)
_COLUMNS = (
    "seal_id",
    "group_id",
    "token_id",
    "key",
    "address",
    "body_digest",
    "state",
    "headers",
    "created_at",
    "expires_at",
)


class KeyUsedForAnother(DomainError):
    code = "outbox.key_used_for_another"
    message = _("这个 Idempotency-Key 已经用于另一个请求。")
    unlock = _("每个新请求请使用新的 Idempotency-Key；重试时请保持地址和内容不变。")
    status = 422


class StillRunning(DomainError):
    code = "outbox.still_running"
    message = _("使用同一个 Idempotency-Key 的请求还在处理。")
    unlock = _("请稍候用同样的内容重试，会得到同一个答复。")
    status = 409


@dataclass(frozen=True)
class Question:
    """Who asks what: the key counts for one token, one address and one body."""

    group_id: int
    token_id: int
    key: str
    address: str
    body: bytes

    @property
    def digest(self) -> str:
        """Of address and body together: the address column is cut to a readable length."""
        return hashlib.sha256(self.address.encode() + b"\n" + self.body).hexdigest()


@dataclass(frozen=True)
class StoredAnswer:
    status: int
    headers: Mapping[str, str]
    body: str


def begin(question: Question, *, now: datetime) -> IdempotentAnswer | StoredAnswer:
    """The row to `finish`, for a key that is new; the stored answer, for one that was answered.

    Raises KeyUsedForAnother (another address or body) and StillRunning (another request holds the key at this moment).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an answer outside the transaction of its change protects nothing")
    row = _insert(question, now)
    if row is not None:
        return row
    found = _rows(question).first()
    if found is None:
        raise StillRunning()
    if found.expires_at <= now:
        found.delete()
        return begin(question, now=now)
    if found.body_digest != question.digest:
        raise KeyUsedForAnother()
    if found.state != AnswerState.DONE:
        raise StillRunning()
    return StoredAnswer(status=found.status or 200, headers=found.headers, body=reveal(found, "body"))


def finish(row: IdempotentAnswer, answer: StoredAnswer) -> None:
    """Keep the answer. Its body is always sealed, since many name a guest."""
    seal(row, "body", answer.body)
    row.state, row.status, row.headers = AnswerState.DONE, answer.status, dict(answer.headers)
    row.save(update_fields=["body", "state", "status", "headers"])


def _rows(question: Question):
    return IdempotentAnswer.objects.of(question.group_id).filter(token_id=question.token_id, key=question.key)


def _insert(question: Question, now: datetime) -> IdempotentAnswer | None:
    """One statement on both databases; None when the key is taken or, on PostgreSQL, held by a request in flight.

    PostgreSQL would let the second request wait at the unique index until the first commits. An advisory lock of the
    transaction tells at once instead, so that impatient clients do not pile up connections. SQLite has one writer: the
    second request begins after the first committed.
    """
    row = IdempotentAnswer(
        seal_id=uuid.uuid4(),
        group_id=question.group_id,
        token_id=question.token_id,
        key=question.key,
        address=question.address[:400],
        body_digest=question.digest,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    by_name = {field.attname: field for field in row._meta.concrete_fields}
    fields = [by_name[name] for name in _COLUMNS]
    values: list[Any] = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    condition = "1 = 1"
    if connection.vendor == "postgresql":
        condition = "pg_try_advisory_xact_lock(%s)"
        values.append(_lock_number(question))
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(row._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    # Only names of our own columns are put into the text; every value is a parameter.
    statement = f"INSERT INTO {table} ({columns}) SELECT {marks} WHERE {condition} ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        made = cursor.fetchone()
    if made is None:
        return None
    row.pk = made[0]
    row._state.adding = False
    return row


def _lock_number(question: Question) -> int:
    """A 64-bit number for the lock of this key. Two keys that share one would only see a needless 409."""
    name = f"{question.group_id}:{question.token_id}:{question.key}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
