"""What a transaction remembers goes with the savepoint that wrote it."""

import contextlib

import pytest
from django.db import transaction

from kezhan.core.memo import remember, remembered


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_takes_what_it_wrote():
    with transaction.atomic():
        remember("date", 1)
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            assert remembered("date") == 1
            remember("date", 2)
            assert remembered("date") == 2
            raise ZeroDivisionError
        assert remembered("date") == 1
        with transaction.atomic():
            remember("date", 3)
        assert remembered("date") == 3
    with transaction.atomic():
        assert remembered("date") is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_remembered():
    with pytest.raises(RuntimeError):
        remember("date", 1)
