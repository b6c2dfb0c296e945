"""A token of one house, and a client that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kezhan.people.tests import factories
from kezhan.website.rest import limits


@dataclass
class Caller:
    """A machine with a token."""

    client: Client
    token: Any
    text: str
    house: Any

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str):
        return self.client.post(path, body, content_type="application/json", headers=self._headers(headers))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.text}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }


@pytest.fixture(autouse=True)
def no_calls_counted():
    limits.forget()


@pytest.fixture
def caller(db):
    return make_caller()


def make_caller(scopes=("people.read",), **fields):
    house = factories.make_property(**fields)
    token, text = factories.make_token(house, scopes, now=timezone.now())
    return Caller(Client(raise_request_exception=False), token, text, house)
