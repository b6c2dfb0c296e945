"""A request repeated with one Idempotency-Key does its work once and gets the same answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kezhan.outbox.models import IdempotentAnswer, Schedule
from kezhan.outbox.operations import upkeep

from .conftest import make_caller

pytestmark = [pytest.mark.urls("tests.rest.trial"), pytest.mark.django_db]
PATH = "/trial/notes"


def test_a_repeat_gets_the_same_answer_and_does_nothing(caller):
    first = caller.post(PATH, {"name": "王小明", "price": "388"}, Idempotency_Key="k1")
    again = caller.post(PATH, {"name": "王小明", "price": "388"}, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.json() == {"name": "王小明", "notes": 1, "price": "388.00"}
    assert (again.content, again["Location"], again["Content-Type"]) == (
        first.content,
        first["Location"],
        first["Content-Type"],
    )
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Schedule.objects.count() == 1


def test_without_a_key_each_call_counts(caller):
    for _ in range(2):
        caller.post(PATH, {"name": "a"})
    assert Schedule.objects.count() == 2
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize(("path", "body"), [(PATH, {"name": "b"}), (PATH + "?x=1", {"name": "a"})])
def test_another_body_or_address_under_the_key_is_refused(caller, path, body):
    caller.post(PATH, {"name": "a"}, Idempotency_Key="k1")
    response = caller.post(path, body, Idempotency_Key="k1")
    assert (response.status_code, response.json()["code"]) == (422, "outbox.key_used_for_another")
    assert Schedule.objects.count() == 1


def test_another_token_has_keys_of_its_own(caller):
    caller.post(PATH, {"name": "a"}, Idempotency_Key="k1")
    other = make_caller()
    assert other.post(PATH, {"name": "b"}, Idempotency_Key="k1").status_code == 201
    assert Schedule.objects.count() == 2


def test_a_refusal_leaves_nothing_and_the_key_free(caller):
    response = caller.post(PATH, {"name": "a", "refuse": True}, Idempotency_Key="k1")
    assert (response.status_code, response.json()["code"]) == (409, "core.changed_meanwhile")
    assert not Schedule.objects.exists()
    assert not IdempotentAnswer.objects.exists()
    assert caller.post(PATH, {"name": "a"}, Idempotency_Key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "王", "x" * 201, "\t"])
def test_a_key_is_visible_ascii(caller, key):
    response = caller.post(PATH, {"name": "a"}, Idempotency_Key=key)
    assert response.status_code == 422
    assert not Schedule.objects.exists()


def test_the_kept_answer_is_sealed(caller):
    caller.post(PATH, {"name": "王小明"}, Idempotency_Key="k1")
    row = IdempotentAnswer.objects.get()
    assert "王小明".encode() not in bytes(row.body)
    assert (row.status, row.state, row.group_id) == (201, "DONE", caller.house.group_id)
    assert row.expires_at - row.created_at == timedelta(hours=24)


def test_after_a_day_the_key_is_free_again_purged_or_not(caller):
    caller.post(PATH, {"name": "a"}, Idempotency_Key="k1")
    day_ago = timezone.now() - timedelta(hours=24)
    IdempotentAnswer.objects.update(created_at=day_ago - timedelta(hours=1), expires_at=day_ago)
    assert caller.post(PATH, {"name": "b"}, Idempotency_Key="k1").status_code == 201
    upkeep.purge(now=timezone.now() + timedelta(hours=25))
    assert not IdempotentAnswer.objects.exists()
