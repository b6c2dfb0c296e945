"""Questions asked at every request: Django writes their SQL once per connection, afterwards they are only run.

Measured: Django's compiler needs several times as long to write a SELECT of one row as either database to answer it. Use
this for the few reads that every request of a machine begins with, and a queryset for everything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """The first row of a queryset whose values change from call to call, its text never.

    `make` builds the queryset from `samples`: values of the right kind that occur in it nowhere else. Only text and whole
    numbers, which no field writes differently for a database, can be asked for.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M]], *samples: str | int) -> None:
        self._make, self._samples = make, samples
        self._local = threading.local()

    def first(self, *values: str | int) -> M | None:
        """The row for these values, in the order of the samples; None when there is none."""
        statement = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values))
            row = cursor.fetchone()
        return None if row is None else statement.instance(row)

    def _statement(self) -> _Statement[M]:
        """Written for this thread's connection: converters of a row know theirs."""
        known: _Statement[M] | None = getattr(self._local, "statement", None)
        if known is None or known.connection is not connections[DEFAULT_DB_ALIAS]:
            known = self._local.statement = _Statement(self._make(*self._samples)[:1], self._samples)
        return known


class _Statement(Generic[M]):
    """What Django's compiler made of a queryset, kept with the way from a row to an instance."""

    def __init__(self, rows: models.QuerySet[M], samples: tuple[str | int, ...]) -> None:
        self.compiler = rows.query.get_compiler(using=rows.db)
        self.connection = self.compiler.connection
        self.sql, self.parameters = self.compiler.as_sql()
        for sample in samples:
            if self.parameters.count(sample) != 1:
                raise RuntimeError(f"{sample!r} does not stand in the statement exactly once")
        self.places = [self.parameters.index(sample) for sample in samples]
        self._prepare_instances(rows)

    def _prepare_instances(self, rows: models.QuerySet[M]) -> None:
        info, select = self.compiler.klass_info, self.compiler.select
        self.model, self.db = rows.model, rows.db
        fields = info["select_fields"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.own]]
        self.related = get_related_populators(info, select, rows.db)  # type: ignore[call-arg] # stubs of a newer Django
        self.converters = self.compiler.get_converters([column[0] for column in select])

    def filled(self, values: tuple[str | int, ...]) -> list[Any]:
        parameters = list(self.parameters)
        for place, value in zip(self.places, values, strict=True):
            parameters[place] = value
        return parameters

    def instance(self, row: Any) -> M:
        row = next(iter(self.compiler.apply_converters([row], self.converters)))
        made = self.model.from_db(self.db, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        return made


def insert(row: models.Model) -> None:
    """Insert a new row and give it its key, as `save(force_insert=True)` does, by a statement written once per model.

    For rows that every operation writes. A value that is an expression goes the ordinary way.
    """
    meta = row._meta
    fields = _inserted_fields(type(row))
    values = [field.pre_save(row, add=True) for field in fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        row.save(force_insert=True)
        return
    parameters = [
        field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insert_statement(type(row), connection.vendor), parameters)
        row.pk = meta.pk.to_python(cursor.fetchone()[0])
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: models.Model, *names: str) -> None:
    """Write the named fields of one row, as `save(update_fields=names)` does. Raises DatabaseError when it is gone."""
    fields = [row._meta.get_field(name) for name in names]
    parameters = [
        field.get_db_prep_save(field.pre_save(row, add=False), connection)  # type: ignore[union-attr]
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_update_statement(type(row), names), [*parameters, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"no row of {row._meta.label} was updated")


@cache
def _inserted_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


@cache
def _insert_statement(model: type[models.Model], _vendor: str) -> str:
    quote, meta = connection.ops.quote_name, cast(Any, model._meta)
    fields = _inserted_fields(model)
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    key = quote(meta.pk.column)
    # Only names of our own tables and columns are put into the text.
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}) RETURNING {key}"  # noqa: S608


@cache
def _update_statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote, meta = connection.ops.quote_name, cast(Any, model._meta)
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
