"""What one transaction has already read under a lock, so that the next step of the same operation need not read it again."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db import connection


class _Remembered:
    """One value. It sits in the transaction's list of callbacks, which Django empties at commit and at rollback, and from
    which it drops what was put there inside a savepoint that is rolled back: it lives exactly as long as it is true.
    """

    __slots__ = ("key", "value")

    def __init__(self, key: Hashable, value: Any) -> None:
        self.key, self.value = key, value

    def __call__(self) -> None:
        """Nothing is to be done after commit."""


def remember(key: Hashable, value: Any) -> None:
    """Keep `value` until the running transaction ends, in place of an earlier one. Keep only what a lock of this very
    transaction protects; None forgets. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a memo outside a transaction would outlive its lock")
    connection.on_commit(_Remembered(key, value))


def remembered(key: Hashable) -> Any | None:
    """The value kept last under `key` by this transaction, or None."""
    for entry in reversed(connection.run_on_commit):
        if isinstance(entry[1], _Remembered) and entry[1].key == key:
            return entry[1].value
    return None
