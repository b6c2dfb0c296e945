"""A room goes dirty → cleaned → inspected, and every step refuses what does not come next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kezhan.audit import api as audit
from kezhan.hotel import api as hotel
from kezhan.hotel.tests.factories import make_hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.housekeeping import rules
from kezhan.housekeeping.choices import CleaningStatus
from kezhan.people.tests.factories import NOON
from kezhan.policy import api as policy

from .factories import ATTENDANT, INSPECTOR, clean, make_ready, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    made = make_hotel()
    room = made.rooms["101"]
    hotel.set_room_status(room=room, cleanliness="DIRTY", actor=made.actor, now=NOON)
    return made


def code_of(house, number="101"):
    room = hotel.room_by_number(house.property, number)
    return hotel.status_code(room.occupancy, room.cleanliness)


def test_a_departed_room_is_cleaned_inspected_and_ready(house):
    task = plan(house, "101")
    assert (task.status, code_of(house)) == ("PLANNED", "VD")
    housekeeping.start_cleaning(task_id=task.pk, actor=ATTENDANT, now=NOON)
    assert code_of(house) == "VD"
    housekeeping.finish_cleaning(task_id=task.pk, actor=ATTENDANT, now=NOON)
    assert code_of(house) == "VC"
    housekeeping.inspect(task_id=task.pk, passed=True, score=90, actor=INSPECTOR, now=NOON)
    assert code_of(house) == "VI"
    assert housekeeping.open_task(house.rooms["101"].pk) is None


def test_only_an_inspected_vacant_room_is_ready(house):
    place = house.property
    assert not housekeeping.room_is_ready(hotel.room_by_number(place, "101"))
    clean(house, "101")
    assert not housekeeping.room_is_ready(hotel.room_by_number(place, "101"))
    policy.set_value(
        "sell_after_inspection", False, property=place, effective_date=house.business_date,
        today=house.business_date, actor=house.actor,
        reason="小店", now=NOON,
    )  # fmt: skip
    assert housekeeping.room_is_ready(hotel.room_by_number(place, "101"), house.business_date)


@pytest.mark.clause("S-3.3(6)")
def test_a_room_is_inspected_only_with_the_pass_score_by_a_second_person(house):
    task = clean(house, "101")
    with pytest.raises(housekeeping.ScoreTooLow):
        housekeeping.inspect(task_id=task.pk, passed=True, score=89, actor=INSPECTOR, now=NOON)
    with pytest.raises(housekeeping.SameInspector):
        housekeeping.inspect(task_id=task.pk, passed=True, score=99, actor=ATTENDANT, now=NOON)
    assert code_of(house) == "VC"
    housekeeping.inspect(task_id=task.pk, passed=True, score=90, actor=INSPECTOR, now=NOON)
    assert code_of(house) == "VI"


@pytest.mark.clause("S-3.3(6)")
def test_a_room_that_fails_goes_back_to_be_cleaned(house):
    task = clean(house, "101")
    housekeeping.inspect(
        task_id=task.pk, passed=False, score=70, actor=INSPECTOR, now=NOON, remark="浴室有头发"
    )
    assert code_of(house) == "VD"
    again = housekeeping.open_task(house.rooms["101"].pk)
    assert (again.pk, again.status, again.score) == (task.pk, "FAILED", 70)
    make_ready(house, "101")
    assert code_of(house) == "VI"


def test_an_occupied_room_becomes_clean_and_is_not_vacant(house):
    hotel.set_room_status(room=house.rooms["101"], occupancy="OCCUPIED", actor=house.actor, now=NOON)
    plan(house, "101", "STAYOVER")
    clean(house, "101")
    assert code_of(house) == "OC"


def test_every_step_refuses_what_does_not_come_next(house):
    acts = {
        "start": lambda pk: housekeeping.start_cleaning(task_id=pk, actor=ATTENDANT, now=NOON),
        "finish": lambda pk: housekeeping.finish_cleaning(task_id=pk, actor=ATTENDANT, now=NOON),
        "inspect": lambda pk: housekeeping.inspect(
            task_id=pk, passed=False, score=1, actor=INSPECTOR, now=NOON
        ),
        "reset": lambda pk: housekeeping.reset_task(task_id=pk, reason="换人", actor=INSPECTOR, now=NOON),
        "skip": lambda pk: housekeeping.skip_task(task_id=pk, reason="勿扰", actor=ATTENDANT, now=NOON),
    }
    task = plan(house, "101", "STAYOVER")
    for status in CleaningStatus.values:
        for step, act in acts.items():
            type(task).objects.filter(pk=task.pk).update(
                status=status, score=95, inspected_at=NOON, started_at=NOON, remark="x"
            )
            if rules.step_is_allowed(step, status):
                act(task.pk)
                continue
            with pytest.raises(housekeeping.StepNotNow):
                act(task.pk)
            task.refresh_from_db()
            assert task.status == status


def test_a_departure_takes_over_the_open_task_and_starts_anew(house):
    task = plan(house, "101", "STAYOVER")
    housekeeping.start_cleaning(task_id=task.pk, actor=ATTENDANT, now=NOON)
    again = plan(house, "101", "DEPARTURE")
    assert (again.pk, again.kind, again.status, again.started_at) == (task.pk, "DEPARTURE", "PLANNED", None)
    assert plan(house, "101", "DEPARTURE").pk == task.pk
    assert len(audit.events_of(task).filter(verb="housekeeping.cleaning_planned")) == 2


def test_a_departed_room_is_never_skipped(house):
    task = plan(house, "101")
    with pytest.raises(housekeeping.DepartureIsCleaned):
        housekeeping.skip_task(task_id=task.pk, reason="太忙", actor=ATTENDANT, now=NOON)


def test_a_supervisor_frees_a_stuck_task_with_a_reason(house):
    task = clean(house, "101")
    with pytest.raises(housekeeping.ReasonMissing):
        housekeeping.reset_task(task_id=task.pk, reason=" ", actor=INSPECTOR, now=NOON)
    housekeeping.reset_task(task_id=task.pk, reason="服务员已下班", actor=INSPECTOR, now=NOON)
    task.refresh_from_db()
    assert (task.status, task.cleaned_by, code_of(house)) == ("PLANNED", "", "VD")
    assert audit.events_of(task).last().reason == "服务员已下班"


@pytest.mark.clause("S-3.2(5)")
def test_a_status_changed_by_hand_needs_a_reason_and_is_on_the_rooms_history(house):
    room = house.rooms["101"]
    given = {"room_id": room.pk, "property_id": house.property.pk, "cleanliness": "CLEAN", "now": NOON}
    with pytest.raises(housekeeping.ReasonMissing):
        housekeeping.override_room_status(**given, reason="", actor=INSPECTOR)
    assert code_of(house) == "VD"
    housekeeping.override_room_status(**given, reason="当日未入住，复查干净", actor=INSPECTOR)
    event = audit.events_of(room).last()
    assert (event.verb, event.actor_name, event.reason) == (
        "hotel.room_status_changed", INSPECTOR.name, "当日未入住，复查干净",
    )  # fmt: skip
    assert event.facts == {"from": "VD", "to": "VC"}


def test_stayovers_are_planned_in_bulk_once(house):
    rooms = [room.pk for room in house.rooms.values()]
    plan(house, "101")
    given = {
        "place": house.property,
        "room_ids": rooms,
        "business_date": house.business_date + timedelta(days=1),
    }
    assert housekeeping.plan_stayovers(**given, actor=ATTENDANT, now=NOON) == 3
    assert housekeeping.plan_stayovers(**given, actor=ATTENDANT, now=NOON) == 0


def test_the_database_keeps_one_open_task_a_room_and_a_reason_for_skipping(house):
    task = plan(house, "101")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(task).objects.create(
            property=house.property, room=task.room, business_date=house.business_date, planned_at=NOON
        )
    for change in ({"status": "SKIPPED"}, {"status": "PASSED"}, {"score": 101}, {"kind": "ODD"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(task).objects.filter(pk=task.pk).update(**change)


def test_the_control_counts_departures_inspected(house):
    end = house.business_date + timedelta(days=1)
    reading = lambda now: policy.measure(  # noqa: E731
        "housekeeping.rooms_inspected", house.property, house.business_date, end, now
    )
    clean(house, "101")
    assert reading(NOON).counts["due"] == 1
    assert reading(NOON + timedelta(days=2)).counts["breached"] == 1
    task = housekeeping.open_task(house.rooms["101"].pk)
    housekeeping.inspect(task_id=task.pk, passed=True, score=95, actor=INSPECTOR, now=NOON)
    assert reading(NOON + timedelta(days=2)).counts["met"] == 1
