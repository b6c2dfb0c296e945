"""Slots of schedules become rows, once each; what was missed is made up for by the latest alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from kezhan.outbox import handlers
from kezhan.outbox.models import CallCount, Schedule, Task
from kezhan.outbox.operations import calls, upkeep
from kezhan.outbox.operations.enqueue import enqueue
from kezhan.outbox.operations.schedules import enqueue_due
from kezhan.outbox.queries import scheduler_alive
from kezhan.outbox.rules import LONGEST_BACK_OFF, back_off, latest_slot
from kezhan.outbox.scheduler import Scheduler
from kezhan.outbox.worker import Worker

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(f"2026-11-22T{text}+00:00")


@pytest.fixture
def plans(monkeypatch):
    monkeypatch.setattr(handlers.HANDLERS, "_entries", {"test.note": lambda job: None})
    monkeypatch.setattr(handlers.SCHEDULES, "_entries", {})
    return handlers


def keys():
    return sorted(Task.objects.values_list("key", flat=True))


def test_the_latest_slot_of_a_rhythm():
    assert latest_slot(at("12:00:07"), every_seconds=5) == at("12:00:05")
    assert latest_slot(at("12:00:05"), every_seconds=5) == at("12:00:05")
    assert latest_slot(at("12:00:00"), cron="0 * * * *") == at("12:00:00")
    assert latest_slot(at("11:59:59"), cron="0 * * * *") == at("11:00:00")
    assert latest_slot(at("12:00:00"), cron="0 3 * * *", zone="Asia/Shanghai") == NOON.replace(
        day=21, hour=19
    )


def test_the_back_off_doubles_up_to_half_an_hour():
    assert [back_off(n).seconds for n in (1, 2, 3, 8)] == [2, 4, 8, 256]
    assert back_off(20) == back_off(32_000) == LONGEST_BACK_OFF


@pytest.mark.django_db
def test_a_new_schedule_begins_with_its_next_slot_and_each_slot_is_enqueued_once(plans):
    plans.register_schedule("hourly", handler="test.note", cron="0 * * * *", zone="UTC", payload={"n": 1})
    assert [enqueue_due(now=at(time)) for time in ("11:30:00", "11:59:59", "12:00:00", "12:00:01")] == [
        0,
        0,
        1,
        0,
    ]
    assert keys() == ["hourly@2026-11-22T12:00:00Z"]
    assert Task.objects.get().payload == {"n": 1}


@pytest.mark.django_db
def test_of_missed_slots_only_the_latest_is_made_up_for(plans):
    plans.register_schedule("hourly", handler="test.note", cron="0 * * * *", zone="UTC")
    enqueue_due(now=at("01:30:00"))
    assert enqueue_due(now=at("09:30:00")) == 1
    assert keys() == ["hourly@2026-11-22T09:00:00Z"]


@pytest.mark.django_db
def test_while_a_slot_still_waits_no_further_one_piles_up(plans):
    plans.register_schedule("often", handler="test.note", every_seconds=5)
    enqueue_due(now=at("12:00:00"))
    assert [enqueue_due(now=at(f"12:00:{second:02}")) for second in (5, 10, 15)] == [1, 0, 0]
    Worker(clock=lambda: at("12:00:16")).run(once=True)
    assert enqueue_due(now=at("12:00:17")) == 1
    assert keys() == ["often@2026-11-22T12:00:05Z", "often@2026-11-22T12:00:15Z"]


@pytest.mark.django_db
def test_a_second_scheduler_adds_nothing(plans, monkeypatch):
    plans.register_schedule("hourly", handler="test.note", cron="0 * * * *", zone="UTC")
    enqueue_due(now=at("11:30:00"))
    behind = Schedule.objects.get()
    assert enqueue_due(now=at("12:00:00")) == 1
    # The second one read its row before the first moved it.
    from kezhan.outbox.operations import schedules

    assert schedules._enqueue_one(plans.SCHEDULES.get("hourly"), behind, at("12:00:00")) == 0
    assert len(keys()) == 1


@pytest.mark.django_db
def test_the_scheduler_beats_and_looks(plans):
    plans.register_schedule("often", handler="test.note", every_seconds=5)
    scheduler = Scheduler(clock=lambda: NOON)
    scheduler._beat(NOON)
    assert scheduler_alive(NOON)
    scheduler.run(once=True)
    assert not scheduler_alive(NOON)
    assert Schedule.objects.get().last_slot_at == NOON


@pytest.mark.parametrize("wrong", [{}, {"cron": "x"}, {"cron": "* * * * *", "every_seconds": 5}])
def test_a_schedule_needs_one_valid_rhythm(plans, wrong):
    with pytest.raises(ImproperlyConfigured):
        plans.register_schedule("wrong", handler="test.note", **wrong)


def test_every_declared_schedule_has_a_handler():
    missing = [name for name, plan in handlers.SCHEDULES if plan.handler not in handlers.HANDLERS]
    assert missing == []


@pytest.mark.django_db
def test_finished_rows_are_forgotten_after_their_time(plans):
    plans.register_schedule("often", handler="test.note", every_seconds=5)
    plans.HANDLERS._entries["test.rare"] = lambda job: None
    enqueue("test.note", now=NOON)
    enqueue("test.rare", now=NOON)
    Worker(clock=lambda: NOON).run(once=True)
    calls.add_calls(1, 1, int(NOON.timestamp() // 60), 3)
    assert upkeep.purge(now=NOON + timedelta(minutes=59)) == 1
    assert not CallCount.objects.exists()
    assert upkeep.purge(now=NOON + timedelta(minutes=61)) == 1
    assert [task.name for task in Task.objects.all()] == ["test.rare"]
    assert upkeep.purge(now=NOON + timedelta(days=8)) == 1


@pytest.mark.django_db
def test_calls_of_several_processes_add_up():
    assert [calls.add_calls(1, 7, 100, number) for number in (3, 4)] == [3, 7]
    assert calls.add_calls(1, 8, 100, 1) == 1


@pytest.mark.django_db
def test_the_trail_is_sealed_by_the_schedule():
    from kezhan.audit import api as audit
    from kezhan.core.actor import system

    audit.record("test.done", actor=system("test"), subject=None, at=NOON)
    assert audit.sealing_lag(now=NOON).events == 1
    enqueue("audit.seal", now=NOON)
    Worker(clock=lambda: NOON).run(once=True)
    assert audit.sealing_lag(now=NOON).events == 0
