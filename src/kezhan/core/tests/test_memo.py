"""What a transaction remembers goes with the savepoint that wrote it."""

import pytest
from django.db import transaction

from kezhan.core.memo import transaction_memo


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_takes_what_it_wrote():
    with transaction.atomic():
        transaction_memo()["date"] = 1
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert transaction_memo()["date"] == 1
            transaction_memo()["date"] = 2
            assert transaction_memo()["date"] == 2
            raise ZeroDivisionError
        assert transaction_memo()["date"] == 1
        with transaction.atomic():
            transaction_memo()["date"] = 3
        assert transaction_memo()["date"] == 3
    with transaction.atomic():
        assert "date" not in transaction_memo()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_remembered():
    with pytest.raises(RuntimeError):
        transaction_memo()
