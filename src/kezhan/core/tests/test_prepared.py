"""A prepared question gives what its queryset gives."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from django.db.models import Value
from django.db.models.functions import Lower

from kezhan.core.prepared import Prepared, insert, update

PERMISSION = Prepared(
    lambda codename, app: Permission.objects.filter(
        codename=codename, content_type__app_label=app
    ).select_related("content_type"),
    "a sample",
    "another",
)


@pytest.mark.django_db
def test_row_and_related_row_as_the_queryset_gives_them(django_assert_num_queries):
    wanted = Permission.objects.select_related("content_type").get(codename="add_permission")
    for _ in range(2):
        with django_assert_num_queries(1):
            found = PERMISSION.first("add_permission", "auth")
            assert found.content_type.app_label == "auth"
        assert (found, found.name, found.content_type) == (wanted, wanted.name, wanted.content_type)
        assert not found._state.adding


@pytest.mark.django_db
def test_no_row_is_none():
    assert PERMISSION.first("add_permission", "nowhere") is None


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    ContentType.objects.get_or_create(app_label="trial", model="thread")
    question = Prepared(lambda label: ContentType.objects.filter(app_label=label), "a sample")
    found = [question.first("trial")]

    def ask():
        found.append(question.first("trial"))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0] == found[1] is not None


@pytest.mark.django_db
def test_a_value_that_does_not_stand_in_the_statement_is_refused():
    with pytest.raises(RuntimeError):
        Prepared(lambda label: ContentType.objects.all(), "a sample").first("auth")


@pytest.mark.django_db
def test_insert_and_update_do_what_save_does(django_assert_num_queries):
    kind = ContentType(app_label="trial", model="one")
    with django_assert_num_queries(1):
        insert(kind)
    kind.model = "two"
    with django_assert_num_queries(1):
        update(kind, "model")
    found = ContentType.objects.get(pk=kind.pk)
    assert (found.app_label, found.model, kind._state.adding) == ("trial", "two", False)


@pytest.mark.django_db
def test_insert_takes_an_expression_the_ordinary_way():
    kind = ContentType(app_label=Lower(Value("TRIAL")), model="one")
    insert(kind)
    assert ContentType.objects.get(pk=kind.pk).app_label == "trial"


@pytest.mark.django_db
def test_a_row_that_is_gone_is_not_updated():
    kind = ContentType.objects.create(app_label="trial", model="one")
    ContentType.objects.filter(pk=kind.pk).delete()
    with pytest.raises(DatabaseError):
        update(kind, "model")
