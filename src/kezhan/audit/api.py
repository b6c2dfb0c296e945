"""What other apps may call."""

from .models import Event
from .operations import prepare, record, record_many
from .queries import events_of
from .rules import FactNotAllowed
from .tree import Tree, register_tree
from .triggers import append_only, guarded_tables, lifted_triggers, tables_to_guard

__all__ = [
    "Event",
    "FactNotAllowed",
    "Tree",
    "append_only",
    "events_of",
    "guarded_tables",
    "lifted_triggers",
    "prepare",
    "record",
    "record_many",
    "register_tree",
    "tables_to_guard",
]
