"""What one transaction has already read under a lock, so that the next step of the same operation need not read it again."""

from __future__ import annotations

from typing import Any

from django.db import connection


class _Memo(dict[Any, Any]):
    """Callable, so that it can sit in the transaction's list of callbacks and live exactly as long as that list."""

    def __call__(self) -> None:
        self.clear()


def transaction_memo() -> dict[Any, Any]:
    """A dict that lives until the running transaction ends. Django empties the list of callbacks at commit and at
    rollback, and drops what a savepoint put there when that savepoint is rolled back. Keep in it only what a lock of this
    very transaction protects. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a memo outside a transaction would outlive its lock")
    for entry in connection.run_on_commit:
        if isinstance(entry[1], _Memo):
            return entry[1]
    memo = _Memo()
    connection.on_commit(memo)
    return memo
