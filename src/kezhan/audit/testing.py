"""For test suites alone: the clean-up after a TransactionTestCase empties every table, guarded ones too."""

from __future__ import annotations

from typing import Any

from django.test import TransactionTestCase

from .triggers import lifted_triggers


def lift_guards_for_clean_up() -> None:
    """Called once from a conftest. Only Django's clean-up passes; what a test does itself still meets the triggers."""
    if getattr(TransactionTestCase, "_guards_are_lifted", False):
        return
    clean_up = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def with_guards_lifted(self: Any) -> None:
        with lifted_triggers():
            clean_up(self)

    TransactionTestCase._fixture_teardown = with_guards_lifted  # type: ignore[attr-defined]
    TransactionTestCase._guards_are_lifted = True  # type: ignore[attr-defined]
