"""The frame of every operation: one transaction, whether it is called from a page or from another operation.

Called on its own, an operation is a transaction (or, inside somebody else's, a savepoint), so that a refusal leaves
nothing behind. Called by another operation it needs no savepoint of its own: a refusal ends the outer one as well. Who
wants to go on after a refusal says so with `with transaction.atomic():` around the call.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

_scope: ContextVar[dict[Hashable, Any] | None] = ContextVar("kezhan_operation", default=None)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator of everything in `operations` that changes state."""

    @wraps(function)
    def framed(*args: P.args, **kwargs: P.kwargs) -> R:
        if _scope.get() is not None:
            with transaction.atomic(savepoint=False):
                return function(*args, **kwargs)
        token = _scope.set({})
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        finally:
            _scope.reset(token)

    return framed


def once(key: Hashable, read: Callable[[], R]) -> R:
    """What `read` gives, read once per outermost operation: the steps of a check-in share the row they locked.

    Only for rows that this operation has locked and changes through the object handed out; outside an operation it reads.
    """
    scope = _scope.get()
    if scope is None:
        return read()
    if key not in scope:
        scope[key] = read()
    return scope[key]
