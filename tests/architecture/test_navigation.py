"""The rail is one order that every role sees a part of."""

from __future__ import annotations

from collections import Counter

from kezhan.core import nav

# As a hotel's day runs; what only the administrator needs comes last.
IN_ORDER = [
    "rack", "chart", "reservations", "frontdesk", "night_audit", "housekeeping", "guests", "billing",
    "hotel", "people", "properties", "policy", "audit", "outbox",
]  # fmt: skip


def test_entries_stand_in_the_order_of_the_day():
    assert [item.key for item in nav.items()] == IN_ORDER


def test_no_two_entries_claim_one_place_one_letter_or_one_name():
    items = nav.items()
    for values in (
        [item.order for item in items],
        [item.shortcut for item in items if item.shortcut],
        [str(item.label) for item in items],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []
