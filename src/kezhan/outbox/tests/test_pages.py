"""The administrator's page of background work."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from kezhan.audit.api import Event
from kezhan.outbox import handlers
from kezhan.outbox.choices import TaskState
from kezhan.outbox.models import Task, Worker
from kezhan.outbox.operations.enqueue import enqueue
from kezhan.people.tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def house(monkeypatch):
    monkeypatch.setattr(handlers.HANDLERS, "_entries", {"test.note": print})
    return factories.make_house(["outbox.manage"], group_rights=["outbox.manage"])


@pytest.fixture
def client(house):
    client = Client()
    client.force_login(house.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def dead(**owner):
    enqueue("test.note", now=NOON, **owner)
    task = Task.objects.latest("id")
    Task.objects.filter(pk=task.pk).update(
        state=TaskState.DEAD, finished_at=NOON, attempts=8, last_error="NotFound core.not_found"
    )
    return task


def test_dead_tasks_come_first_and_say_why(client, house):
    dead(property_id=house.property.pk)
    Worker.objects.create(name="desk:1:aa", kind="WORKER", started_at=NOON, beat_at=NOON)
    page = client.get("/outbox/").text
    assert "NotFound core.not_found" in page
    assert "desk:1:aa" in page
    assert "8 / 8" in page


def test_each_list_opens_and_the_live_part_comes_alone(client):
    for show in ("waiting", "running", "dead", "nonsense"):
        assert client.get(f"/outbox/?show={show}").status_code == 200
    part = client.get("/outbox/?show=dead", headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div id="outbox-live"')


def test_another_groups_tasks_are_neither_shown_nor_tried_again(client, house):
    theirs = dead(property_id=factories.make_property().pk)
    page = client.get("/outbox/?show=dead").text
    assert "core.not_found" not in page
    assert client.post(f"/outbox/{theirs.token}/retry/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == TaskState.DEAD


def test_a_retry_gives_three_more_attempts_and_is_recorded(client, house):
    task = dead(group_id=house.group.pk)
    assert client.post(f"/outbox/{task.token}/retry/").status_code == 302
    task.refresh_from_db()
    assert (task.state, task.attempts, task.max_attempts, task.finished_at) == (TaskState.READY, 8, 11, None)
    assert [(event.verb, event.actor_id) for event in Event.objects.filter(verb="outbox.task_retried")] == [
        ("outbox.task_retried", str(house.user.pk))
    ]
    assert client.post(f"/outbox/{task.token}/retry/").status_code == 409


def test_only_holders_of_the_right_may_look(house):
    stranger = factories.make_house([], group=house.group)
    client = Client()
    client.force_login(stranger.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/outbox/").status_code == 403
    assert client.get("/outbox/", follow=False).status_code == 403
