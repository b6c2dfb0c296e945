"""What other apps may call."""

from .choices import ControlKind, Kind, Scope, State, Unit
from .controls import (
    CONTROLS,
    Control,
    Measure,
    PermissionMeasure,
    Reading,
    StepMeasure,
    measure,
    register_control,
    subjects,
)
from .departments import register_departments
from .models import ParameterValue
from .operations import InThePast, OutsideLaw, ScopeNotOffered, set_value
from .parameters import ALL_SCOPES, PARAMETERS, Column, Parameter, declare
from .queries import Provenance, duration, explain, history, value
from .snapshot import reading

__all__ = [
    "ALL_SCOPES",
    "CONTROLS",
    "PARAMETERS",
    "Column",
    "Control",
    "ControlKind",
    "InThePast",
    "Kind",
    "Measure",
    "OutsideLaw",
    "Parameter",
    "ParameterValue",
    "PermissionMeasure",
    "Provenance",
    "Reading",
    "Scope",
    "ScopeNotOffered",
    "State",
    "StepMeasure",
    "Unit",
    "declare",
    "duration",
    "explain",
    "history",
    "measure",
    "reading",
    "register_control",
    "register_departments",
    "set_value",
    "subjects",
    "value",
]
