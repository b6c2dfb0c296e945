"""What other apps may call."""

from .checkpoints import checkpoint_line, export_checkpoint
from .choices import Verdict
from .models import Event
from .operations import prepare, record, record_many
from .queries import events_of
from .rules import FactNotAllowed
from .sealing import Lag, seal_pending, sealing_lag
from .tree import Tree, register_tree
from .triggers import append_only, guarded_tables, lifted_triggers, tables_to_guard
from .verbs import name_verbs, words_of
from .verification import Finding, Point, Verification, verify

__all__ = [
    "Event",
    "FactNotAllowed",
    "Finding",
    "Lag",
    "Point",
    "Tree",
    "Verdict",
    "Verification",
    "append_only",
    "checkpoint_line",
    "events_of",
    "export_checkpoint",
    "guarded_tables",
    "lifted_triggers",
    "name_verbs",
    "prepare",
    "record",
    "record_many",
    "register_tree",
    "seal_pending",
    "sealing_lag",
    "tables_to_guard",
    "verify",
    "words_of",
]
