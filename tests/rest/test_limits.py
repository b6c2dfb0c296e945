"""How many calls a token may make in a minute."""

from __future__ import annotations

import pytest

from kezhan.outbox.models import CallCount
from kezhan.website.rest import limits

pytestmark = [pytest.mark.urls("tests.rest.trial"), pytest.mark.django_db]
START = 60 * 1000.0


def allowed(at, calls=1, token=1):
    done = 0
    for _ in range(calls):
        try:
            limits.count_call(1, token, at=at)
        except limits.TooManyCalls:
            return done
        done += 1
    return done


@pytest.fixture(autouse=True)
def forty(settings):
    settings.KEZHAN_REST_CALLS_PER_MINUTE = 40


def test_a_token_has_its_calls_and_another_its_own():
    assert (allowed(START, 50), allowed(START, 50, token=2)) == (40, 40)
    assert allowed(START + 59) == 0
    assert allowed(START + 60, 50) == 40


def test_processes_hear_of_each_other_within_a_second():
    assert allowed(START, 10) == 10
    allowed(START + 1)
    limits.forget()  # as if in another process
    assert allowed(START, 3) == 3
    assert allowed(START + 1.5, 50) == 40 - 11 - 3 + 0 or CallCount.objects.get().calls <= 44


def test_a_refused_call_says_when_to_come_back(caller, settings):
    settings.KEZHAN_REST_CALLS_PER_MINUTE = 2
    assert [caller.get("/api/v1/properties/").status_code for _ in range(3)] == [200, 200, 429]
    response = caller.get("/api/v1/nothing")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "rest.too_many_calls"
    assert 1 <= int(response["Retry-After"]) <= 61
