"""One frame for every operation: alone a transaction, inside another a part of it."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kezhan.core.operation import once, operation
from kezhan.people.tests.factories import NOON
from kezhan.properties.api import Group


@operation
def make(code, then=None):
    Group.objects.create(code=code, name=code, created_at=NOON)
    if then is not None:
        then()


def refuse():
    raise ZeroDivisionError


def codes():
    return set(Group.objects.values_list("code", flat=True))


@pytest.mark.django_db
def test_a_refusal_inside_takes_the_outer_operation_with_it():
    with pytest.raises(ZeroDivisionError):
        make("outer", lambda: make("inner", refuse))
    assert codes() == set()


@pytest.mark.django_db
def test_who_wants_to_go_on_after_a_refusal_says_so():
    def go_on():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make("inner", refuse)

    make("outer", go_on)
    assert codes() == {"outer"}


@pytest.mark.django_db
def test_an_operation_inside_another_needs_no_savepoint():
    with CaptureQueriesContext(connection) as captured:
        make("outer", lambda: make("inner"))
    assert sum(query["sql"].startswith("SAVEPOINT") for query in captured) == 1
    assert codes() == {"outer", "inner"}


@pytest.mark.django_db
def test_what_an_operation_read_is_shared_by_its_steps_and_forgotten_after_it():
    read = []

    def look():
        read.append(1)
        return len(read)

    def steps():
        assert once("row", look) == once("row", look)

    make("first", steps)
    make("second", steps)
    assert len(read) == 2
    assert (once("row", look), once("row", look)) == (3, 4)
