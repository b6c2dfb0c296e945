"""Every address says who may enter: a view without a declared policy does not leave this house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from kezhan.core.door import policy_of
from kezhan.core.rights import RIGHTS


def walk(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, here)
        else:
            yield here, entry


def every_address() -> list[tuple[str, URLPattern]]:
    return list(walk(get_resolver()))


def test_every_view_declares_who_may_enter():
    without = [address for address, pattern in every_address() if policy_of(pattern.callback) is None]
    assert without == []


def test_an_address_asks_for_a_right_that_an_app_declares():
    unknown = []
    for address, pattern in every_address():
        policy = policy_of(pattern.callback)
        if policy and policy.kind == "right" and policy.right not in RIGHTS:
            unknown.append((address, policy.right))
    assert unknown == []


def test_a_right_held_at_a_property_is_asked_where_the_address_names_one():
    """Two tabs may show two hotels: the address alone decides which one a click is for."""
    wrong = []
    for address, pattern in every_address():
        policy = policy_of(pattern.callback)
        if policy and policy.kind == "right":
            names_one = "property_code" in address
            if names_one != (policy.scope == "property"):
                wrong.append((address, policy.scope))
    assert wrong == []


def test_a_public_address_says_why():
    silent = []
    for address, pattern in every_address():
        policy = policy_of(pattern.callback)
        if policy and policy.kind == "public" and not policy.reason:
            silent.append(address)
    assert silent == []


@pytest.mark.django_db
def test_navigation_leads_somewhere():
    """Each entry of the rail opens a page that asks for the very right that shows the entry."""
    from django.urls import NoReverseMatch, resolve, reverse

    from kezhan.core import nav

    lost = []
    for item in nav.items():
        kwargs = {"property_code": "somewhere"} if item.scope == "property" else {}
        try:
            policy = policy_of(resolve(reverse(item.url_name, kwargs=kwargs)).func)
        except NoReverseMatch:
            lost.append((item.key, item.url_name, "leads nowhere"))
            continue
        asked = getattr(policy, "right", None)
        if item.right and asked != item.right:
            lost.append((item.key, item.right, asked))
    assert lost == []
