"""One row or "not found"."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from kezhan.core.errors import NotFound

M = TypeVar("M", bound=Model)


def the_only(rows: QuerySet[M]) -> M:
    """The first of `rows`. Raises NotFound."""
    found = rows.first()
    if found is None:
        raise NotFound()
    return found
