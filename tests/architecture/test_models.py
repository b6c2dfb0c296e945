"""Every row belongs to a property or to its group, and every state is known to the database."""

from __future__ import annotations

from django.apps import apps as registry
from django.db import models

from kezhan.audit.triggers import tables_to_guard

from .source import apps

# Tables of the installation itself: they belong to no house. Each with its reason.
OF_THE_INSTALLATION = {
    "properties.Group": "is the group",
    "audit.Seal": "one chain over the events of all houses: a gap in one is seen by all",
    "audit.ChainHead": "of that one chain",
    "audit.SealerMark": "of that one chain",
    "audit.Checkpoint": "of that one chain",
    "outbox.Schedule": "the clock of the installation; what it enqueues names its property",
    "outbox.Worker": "processes of the installation",
    "outbox.CallCount": "calls of a token in a minute; the token belongs to a group",
}
# Columns that tie a row to its house where a foreign key must not (the trail stands below the tree).
BARE_COLUMNS = {"property_id", "group_id"}


def our_models() -> list[type[models.Model]]:
    ours = {f"kezhan.{app}" for app in apps()}
    return [model for model in registry.get_models() if model._meta.app_config.name in ours]


def names_its_house(model: type[models.Model]) -> bool:
    """By a column of its own, or by being a part of a row that has one."""
    columns = {field.attname for field in model._meta.get_fields() if isinstance(field, models.Field)}
    return bool(columns & BARE_COLUMNS)


def test_every_table_names_its_property_or_its_group():
    homeless = [
        model._meta.label
        for model in our_models()
        if model._meta.label not in OF_THE_INSTALLATION and not names_its_house(model)
    ]
    assert homeless == []


def test_rows_that_others_point_at_are_retired_and_not_deleted():
    """A cascade would take a person's past away with the person."""
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and not field.auto_created
        and not model._meta.auto_created
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert cascading == []


def test_every_column_with_choices_is_bound_to_them_by_the_database():
    """`choices` alone stops nobody who uses update()."""
    free = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if field.choices and not any(field.name in str(check.condition) for check in checks(model))
    ]
    assert free == []


def checks(model: type[models.Model]) -> list[models.CheckConstraint]:
    return [entry for entry in model._meta.constraints if isinstance(entry, models.CheckConstraint)]


def test_money_has_two_places_and_stands_in_a_decimal():
    floats = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FloatField)
    ]
    assert floats == []


def test_every_table_that_promises_to_grow_only_is_guarded(db):
    from django.db import connection

    from kezhan.audit.triggers import guarded_tables

    assert tables_to_guard()
    assert tables_to_guard() - guarded_tables(connection) == set()


def test_the_list_of_the_installation_names_tables_that_exist():
    assert set(OF_THE_INSTALLATION) <= {model._meta.label for model in our_models()}
