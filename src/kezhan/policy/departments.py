"""Departments are rows of `people`, above this app: it registers here what the page of a parameter may offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kezhan.properties import api as properties

# (code, words) of each department of a property.
Departments = Callable[[properties.Property], Sequence[tuple[str, Any]]]
_departments: Departments | None = None


def register_departments(provider: Departments) -> None:
    global _departments
    if _departments is not None:
        raise ImproperlyConfigured("a provider of departments is registered twice")
    _departments = provider


def departments_of(place: properties.Property) -> Sequence[tuple[str, Any]]:
    return _departments(place) if _departments is not None else ()
