"""Where the snapshot is checked once: a page, a call of a machine, a job."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kezhan.outbox.handlers import FRAMES
from kezhan.people.middleware import PersonMiddleware
from kezhan.policy import api as policy
from kezhan.policy.snapshot import _reading
from kezhan.website import middleware


def test_a_page_is_one_reading():
    inside = []
    stack = PersonMiddleware(lambda request: inside.append(_reading.get()) or HttpResponse())
    stack(RequestFactory().get("/"))
    assert inside != [None]
    assert _reading.get() is None


def test_a_call_of_a_machine_is_one_reading(monkeypatch):
    inside = []
    lane = middleware.FastLane(lambda request: HttpResponse())
    monkeypatch.setattr(lane, "machine", lambda request: inside.append(_reading.get()) or HttpResponse())
    lane(RequestFactory().get("/api/v1/openapi.json"))
    assert inside != [None]
    assert _reading.get() is None


def test_a_job_is_one_reading():
    assert FRAMES.get("policy.reading") is policy.reading


@pytest.mark.django_db
def test_the_page_of_a_parameter_offers_the_departments_of_the_house():
    from kezhan.people.models import Department
    from kezhan.people.tests.factories import make_property
    from kezhan.policy.departments import departments_of

    house, other = make_property(), make_property()
    for place, code in ((house, "FO"), (house, "HK"), (other, "FB")):
        Department.objects.create(group=place.group, property=place, code=code, name=f"部门{code}")
    assert departments_of(house) == [("FO", "部门FO"), ("HK", "部门HK")]
