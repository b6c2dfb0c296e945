"""The lease queue: what is claimed, in which order, how failures and lost workers end."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kezhan.core.errors import NotFound
from kezhan.outbox import handlers
from kezhan.outbox.choices import TaskState
from kezhan.outbox.models import Task
from kezhan.outbox.models import Worker as WorkerRow
from kezhan.outbox.operations import claims
from kezhan.outbox.operations.enqueue import enqueue
from kezhan.outbox.queries import alive
from kezhan.outbox.worker import Worker

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(monkeypatch):
    """A handler `test.note` that notes its jobs, one that always fails, and a name that still waits for its app."""
    jobs = []

    def fail(job):
        jobs.append(job)
        raise NotFound()

    monkeypatch.setattr(handlers.HANDLERS, "_entries", {"test.note": jobs.append, "test.fail": fail})
    monkeypatch.setattr(handlers.WAITING, "_entries", {"test.later": "test.later"})
    return jobs


def worker_at(moment):
    return Worker(clock=lambda: moment)


def test_a_row_is_run_once_and_done(seen):
    enqueue("test.note", payload={"booking": "B1"}, now=NOON, property_id=7)
    worker_at(NOON).run(once=True)
    worker_at(NOON).run(once=True)
    assert [(job.payload, job.attempt, job.property_id) for job in seen] == [({"booking": "B1"}, 1, 7)]
    task = Task.objects.get()
    assert (task.state, task.finished_at, task.leased_until) == (TaskState.DONE, NOON, None)


def test_a_second_row_with_the_same_key_is_a_no_op_and_breaks_no_transaction(seen):
    with transaction.atomic():
        enqueue("test.note", key="night:1", now=NOON)
        enqueue("test.note", key="night:1", now=NOON)
        enqueue("test.note", key="night:2", now=NOON)
    assert sorted(Task.objects.values_list("key", flat=True)) == ["night:1", "night:2"]


def test_rows_go_back_with_the_transaction_that_wrote_them(seen):
    with transaction.atomic():
        enqueue("test.note", now=NOON)
        transaction.set_rollback(True)
    assert not Task.objects.exists()


def test_higher_priority_first_then_older_and_nothing_before_its_time(seen):
    enqueue("test.note", key="late", run_after=NOON + timedelta(seconds=1), now=NOON, priority=9)
    enqueue("test.note", key="plain", now=NOON)
    enqueue("test.note", key="urgent", now=NOON, priority=5)
    worker_at(NOON).run(once=True)
    assert [job.key for job in seen] == ["urgent", "plain"]


def test_an_unknown_name_is_refused_and_a_waiting_one_is_kept(seen):
    with pytest.raises(LookupError):
        enqueue("test.typo", now=NOON)
    enqueue("test.later", now=NOON)
    worker_at(NOON).run(once=True)
    assert Task.objects.get().state == TaskState.READY


def test_a_name_is_either_handled_or_waiting(seen):
    with pytest.raises(Exception, match="waiting"):
        handlers.register_handler("test.later", print)
    with pytest.raises(Exception, match="handler"):
        handlers.declare_waiting("test.note")


def test_failures_back_off_and_end_dead(seen):
    enqueue("test.fail", now=NOON, max_attempts=3)
    moment, tries = NOON, []
    for _ in range(60):
        worker_at(moment).run(once=True)
        if len(seen) > len(tries):
            tries.append(moment)
        moment += timedelta(seconds=1)
    assert [(at - NOON).seconds for at in tries] == [0, 2, 6]
    assert [job.is_last_attempt for job in seen] == [False, False, True]
    task = Task.objects.get()
    assert (task.state, task.attempts, task.last_error) == (TaskState.DEAD, 3, "NotFound core.not_found")


def test_the_words_of_an_error_are_not_kept(seen, monkeypatch):
    def quote_a_guest(job):
        raise ValueError("guest 王小明 13800001234")

    monkeypatch.setitem(handlers.HANDLERS._entries, "test.note", quote_a_guest)
    enqueue("test.note", now=NOON)
    worker_at(NOON).run(once=True)
    error = Task.objects.get().last_error
    assert error.startswith("builtins.ValueError at tests/test_queue.py:")
    assert error.endswith("quote_a_guest")


def test_a_late_worker_cannot_overwrite_its_successor(seen):
    enqueue("test.note", now=NOON)
    first = claims.claim(worker="w1", now=NOON)
    later = NOON + claims.LEASE + timedelta(seconds=1)
    assert claims.take_back_abandoned(now=later) == 1
    second = claims.claim(worker="w2", now=later)
    assert (first.pk, second.attempts) == (second.pk, 2)
    assert not claims.renew(first, now=later)
    assert not claims.finish(first, now=later)
    assert not claims.give_back(first, now=later, error="x")
    assert Task.objects.get().worker == "w2"
    assert claims.finish(second, now=later)


def test_a_job_that_kills_its_workers_ends_dead(seen):
    enqueue("test.note", now=NOON, max_attempts=2)
    moment = NOON
    for name in ("w1", "w2"):
        assert claims.claim(worker=name, now=moment)
        moment += claims.LEASE + timedelta(seconds=1)
        claims.take_back_abandoned(now=moment)
    task = Task.objects.get()
    assert (task.state, task.attempts, task.last_error) == (TaskState.DEAD, 2, "worker lost")
    assert claims.claim(worker="w3", now=moment) is None


def test_the_database_refuses_nonsense(seen):
    enqueue("test.note", now=NOON)
    for change in (
        {"state": "ODD"},
        {"state": "RUNNING"},
        {"state": "DONE"},
        {"attempts": 99},
        {"max_attempts": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.update(**change)


def test_a_worker_beats_while_it_lives_and_signs_off(seen):
    worker = worker_at(NOON)
    worker._beat(NOON)
    assert alive(NOON + timedelta(seconds=30))
    assert not alive(NOON + timedelta(seconds=31))
    worker.run(once=True)
    assert not WorkerRow.objects.exists()


def test_every_job_runs_inside_the_registered_frames(seen, monkeypatch):
    around = []

    @contextmanager
    def frame():
        around.append(("begins", len(seen)))
        yield
        around.append(("ends", len(seen)))

    monkeypatch.setattr(handlers.FRAMES, "_entries", {"test.frame": frame})
    enqueue("test.note", now=NOON)
    worker_at(NOON).run(once=True)
    assert around == [("begins", 0), ("ends", 1)]
