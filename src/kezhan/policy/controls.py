"""Controls: what a clause demands, declared in code by the app that runs it, and measured by one aggregate query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from kezhan.core.registry import Registry
from kezhan.properties import api as properties

from .choices import ControlKind, State

# The subjects of a control at a property in a half-open period of business dates.
Subjects = Callable[[properties.Property, date, date], QuerySet]


class Measure(Protocol):
    def rows(self, place: properties.Property, start: date, end: date, now: datetime) -> QuerySet:
        """The subjects, each with its `state`. Counts are one aggregate over this very query."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """`code` is "app.what"; `clauses` the clause ids it serves; `parameters` the keys it reads.

    `measure` gives the subjects with their state; None while no app has subjects for it: it then reads not_due. `feed`
    tells when the source last delivered; older than `feed_within` (or never) reads unknown, whatever the rows say.
    """

    code: str
    kind: ControlKind
    label: Any
    clauses: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    measure: Measure | None = None
    feed: Callable[[properties.Property], datetime | None] | None = None
    feed_within: timedelta = timedelta(hours=1)


CONTROLS: Registry[Control] = Registry("control")


def register_control(control: Control) -> Control:
    return CONTROLS.register(control.code, control)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts by state. `stale` when the source is late: nothing may then be shown as met."""

    control: Control
    start: date
    end: date
    at: datetime
    counts: Mapping[str, int]
    stale: bool = False

    @property
    def state(self) -> State:
        """The worst that holds; unknown before everything, because absence of data is not good news."""
        if self.stale:
            return State.UNKNOWN
        order = (
            State.UNKNOWN, State.BREACHED, State.DUE, State.MET_LATE, State.MET, State.WAIVED, State.NOT_DUE,
        )  # fmt: skip
        return next((state for state in order if self.counts[state]), State.NOT_DUE)

    @property
    def denominator(self) -> int:
        return self.counts[State.MET] + self.counts[State.MET_LATE] + self.counts[State.BREACHED]

    @property
    def rate(self) -> Decimal | None:
        """met / (met + met_late + breached) in per cent with one place; None without a denominator or when stale."""
        if self.stale or not self.denominator:
            return None
        share = Decimal(100 * self.counts[State.MET]) / self.denominator
        return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def measure(code: str, place: properties.Property, start: date, end: date, now: datetime) -> Reading:
    """How a control stands at a property in [start, end): one aggregate query. Raises LookupError for no such code."""
    control = CONTROLS.get(code)
    counts = dict.fromkeys(State.values, 0)
    if control.measure is not None:
        rows = control.measure.rows(place, start, end, now)
        for line in rows.order_by().values("state").annotate(subjects=Count("pk", distinct=True)):
            counts[line["state"]] += line["subjects"]
    return Reading(control, start, end, now, counts, stale=_is_stale(control, place, now))


def subjects(
    code: str, place: properties.Property, start: date, end: date, now: datetime, state: str = ""
) -> QuerySet | None:
    """The rows behind the number, by the same query; None for a control that has no subjects yet."""
    control = CONTROLS.get(code)
    if control.measure is None:
        return None
    rows = control.measure.rows(place, start, end, now)
    return rows.filter(state=state) if state else rows


def _is_stale(control: Control, place: properties.Property, now: datetime) -> bool:
    if control.feed is None:
        return False
    last = control.feed(place)
    return last is None or now - last > control.feed_within


@dataclass(frozen=True, kw_only=True)
class StepMeasure:
    """Kind step: every subject has the required step or record, in time.

    `done` says the step is there; `late` that it came too late; `due_at` names a datetime field or expression until
    which a missing step is only due; without it a missing step is a breach at once. `applies` narrows to the subjects
    the step is asked of (others read not_due), `waived` and `unknown` take precedence.
    """

    subjects: Subjects
    done: Q
    late: Q | None = None
    due_at: str | Combinable | None = None
    applies: Q | None = None
    waived: Q | None = None
    unknown: Q | None = None

    def rows(self, place: properties.Property, start: date, end: date, now: datetime) -> QuerySet:
        found = self.subjects(place, start, end)
        if self.due_at is not None:
            due_at = F(self.due_at) if isinstance(self.due_at, str) else self.due_at
            found = found.alias(control_due_at=due_at)
        return found.annotate(state=self._state(now))

    def _state(self, now: datetime) -> Case:
        branches: list[tuple[Q | None, State]] = [
            (self.unknown, State.UNKNOWN),
            (self.waived, State.WAIVED),
            (None if self.applies is None else ~self.applies, State.NOT_DUE),
            (None if self.late is None else self.done & self.late, State.MET_LATE),
            (self.done, State.MET),
        ]
        if self.due_at is not None:
            branches.append((Q(control_due_at__gt=now), State.DUE))
        return _case(branches, otherwise=State.BREACHED)


@dataclass(frozen=True, kw_only=True)
class PermissionMeasure:
    """Kind permission: every act in the period was done by somebody allowed to. `allowed` says so of one act's row."""

    subjects: Subjects
    allowed: Q
    waived: Q | None = None
    unknown: Q | None = None

    def rows(self, place: properties.Property, start: date, end: date, now: datetime) -> QuerySet:
        branches = [(self.unknown, State.UNKNOWN), (self.waived, State.WAIVED), (self.allowed, State.MET)]
        return self.subjects(place, start, end).annotate(state=_case(branches, otherwise=State.BREACHED))


def _case(branches: list[tuple[Q | None, State]], *, otherwise: State) -> Case:
    whens = [
        When(condition, then=Value(state.value)) for condition, state in branches if condition is not None
    ]
    return Case(*whens, default=Value(otherwise.value), output_field=CharField())
