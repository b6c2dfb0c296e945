"""Values held in memory, checked against one row.

A process keeps, for the properties it served lately, the values that concern each: the group's, the property's and its
departments' (a few hundred rows at most), and forgets the one used longest ago. Each is good for one word of the
group's `Stamp`. That row is read again

* once for each `with reading():` (a request, a job),
* once for each transaction when there is no `reading()`,
* otherwise at every call.

So a change is felt at the next request in every process, and an operation that asks for twenty numbers pays one query.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any

from django.db import connection

from .models import ParameterValue, Stamp
from .parameters import PARAMETERS
from .rules import NotThatKind

KEPT = 256

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a scope from a date on; `inherits` when the scope gave up its own."""

    effective_date: date
    value: Any
    inherits: bool
    value_id: int
    recorded_at: datetime
    actor_name: str


@dataclass(slots=True)
class Snapshot:
    word: str
    entries: dict[tuple[str, str, str], list[Entry]] = field(default_factory=dict)

    def at(self, parameter: str, scope: str, scope_key: str, on: date) -> Entry | None:
        """The entry in force, or None when the scope has no value of its own on that date."""
        line = self.entries.get((parameter, scope, scope_key))
        if not line:
            return None
        index = bisect_right(line, on, key=lambda entry: entry.effective_date)
        found = line[index - 1] if index else None
        return None if found is None or found.inherits else found


class _Checked(dict[Place, Snapshot]):
    """Snapshots already checked in this reading. Callable, so that it can sit in a transaction's list of callbacks."""

    def __call__(self) -> None:
        self.clear()


_kept: OrderedDict[Place, Snapshot] = OrderedDict()
_lock = Lock()
_reading: ContextVar[_Checked | None] = ContextVar("kezhan_policy_reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Check once for everything read inside: one request, one job. An inner reading uses the outer one's."""
    if _reading.get() is not None:
        yield
        return
    token = _reading.set(_Checked())
    try:
        yield
    finally:
        _reading.reset(token)


def forget_checked() -> None:
    """After a change of ours: the next read of this request or transaction looks again."""
    for checked in (_reading.get(), _of_transaction()):
        if checked is not None:
            checked.clear()


def snapshot(group_id: int, place: Any | None) -> Snapshot:
    """The values that concern a property (or, without one, the group), as of the last check."""
    key = (group_id, place.code if place is not None else "")
    checked = _reading.get()
    if checked is None and connection.in_atomic_block:
        checked = _of_transaction(make=True)
    if checked is not None and key in checked:
        return checked[key]
    found = _current(key, place)
    if checked is not None:
        checked[key] = found
    return found


def _of_transaction(make: bool = False) -> _Checked | None:
    """What this transaction has checked. Django empties the list at commit and at rollback, and drops the entries of a
    savepoint that is rolled back: exactly as long as we may keep it.
    """
    for entry in connection.run_on_commit:
        if isinstance(entry[1], _Checked):
            return entry[1]
    if not make:
        return None
    checked = _Checked()
    connection.on_commit(checked)
    return checked


def _current(key: Place, place: Any | None) -> Snapshot:
    word = Stamp.objects.filter(pk=key[0]).values_list("word", flat=True).first() or ""
    if not word:
        return Snapshot("")
    with _lock:
        held = _kept.get(key)
        if held is not None and held.word == word:
            _kept.move_to_end(key)
            return held
    fresh = _load(word, key[0], place)
    with _lock:
        _kept[key] = fresh
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return fresh


def _load(word: str, group_id: int, place: Any | None) -> Snapshot:
    fresh = Snapshot(word)
    rows = ParameterValue.objects.of(group_id).concerning(place)
    columns = (
        "parameter",
        "scope",
        "scope_key",
        "effective_date",
        "value",
        "pk",
        "recorded_at",
        "actor_name",
    )
    for parameter, scope, scope_key, effective, plain, pk, recorded_at, actor_name in rows.order_by(
        "effective_date", "revision"
    ).values_list(*columns):
        if parameter not in PARAMETERS:
            continue  # its app is gone; the row stays as history
        entry = _entry(parameter, effective, plain, pk, recorded_at, actor_name)
        line = fresh.entries.setdefault((parameter, scope, scope_key), [])
        if line and line[-1].effective_date == effective:
            line[-1] = entry
        else:
            line.append(entry)
    return fresh


def _entry(key: str, effective: date, plain: Any, pk: int, recorded_at: datetime, actor_name: str) -> Entry:
    try:
        value = None if plain is None else PARAMETERS.get(key).typed(plain)
    except NotThatKind as error:
        raise ValueError(f"the stored value {pk} of {key} is not of its declared kind") from error
    return Entry(effective, value, plain is None, pk, recorded_at, actor_name)
