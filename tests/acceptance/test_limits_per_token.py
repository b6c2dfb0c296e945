"""Fault 20: 300 calls a minute and address, of which a page takes ten: a hotel behind one address is locked out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from kezhan.frontdesk.tests.factories import make_house
from kezhan.people.tests.factories import make_token
from kezhan.website.rest import limits

LIMIT = 5
ADDRESS = "203.0.113.7"
HOUSES = "/api/v1/properties/"


@pytest.fixture(autouse=True)
def few_calls(settings, monkeypatch):
    """A small limit, and a clock that stands: no minute ends in the middle of a test."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 60_000_000.0))
    settings.KEZHAN_REST_CALLS_PER_MINUTE = LIMIT
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def inn(db):
    return make_house(["frontdesk.read"], code="inn")


def caller(inn) -> Client:
    _token, text = make_token(inn.place, ["reservations.read"], now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {text}"}, REMOTE_ADDR=ADDRESS)


def test_row_20_a_house_behind_one_address_is_locked_out(inn):
    channel, other = caller(inn), caller(inn)
    clerk = Client(REMOTE_ADDR=ADDRESS)
    clerk.force_login(inn.user)
    used = [channel.get(HOUSES).status_code for _ in range(LIMIT + 2)]
    assert used == [200] * LIMIT + [429] * 2
    # Pages and other machines behind the same address go on as if nothing had happened, and count for nobody.
    pages = [clerk.get("/p/inn/frontdesk/").status_code for _ in range(3 * LIMIT)]
    assert pages == [200] * 3 * LIMIT
    assert [other.get(HOUSES).status_code for _ in range(LIMIT)] == [200] * LIMIT
    assert other.get(HOUSES).status_code == 429


def test_row_20_pages_do_not_use_up_the_calls_of_a_token(inn):
    clerk, channel = Client(REMOTE_ADDR=ADDRESS), caller(inn)
    clerk.force_login(inn.user)
    for _ in range(2 * LIMIT):
        assert clerk.get("/p/inn/frontdesk/rack/").status_code == 200
    assert [channel.get(HOUSES).status_code for _ in range(LIMIT)] == [200] * LIMIT


def test_row_20_a_wrong_token_uses_up_nobodys_calls(inn):
    channel = caller(inn)
    stranger = Client(headers={"Authorization": "Bearer unknown"}, REMOTE_ADDR=ADDRESS)
    assert {stranger.get(HOUSES).status_code for _ in range(3 * LIMIT)} == {401}
    assert channel.get(HOUSES).status_code == 200
