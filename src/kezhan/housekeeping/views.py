"""The board of rooms, the list an attendant carries, and one room with its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kezhan.audit import api as audit
from kezhan.core import door, htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.hotel import api as hotel
from kezhan.policy import api as policy

from . import operations, queries
from .choices import CleaningKind, CleaningStatus
from .forms import InspectForm, OverrideForm, ReasonForm
from .rules import STEPS, step_is_allowed

# Behind the door a request also carries `property` and `actor`.
Request = Any

CODES = ("VI", "VC", "VD", "OC", "OD")
TASK_FILTERS = (
    CleaningStatus.PLANNED,
    CleaningStatus.CLEANING,
    CleaningStatus.CLEANED,
    CleaningStatus.FAILED,
)
STEP_RIGHTS = {
    "start": "housekeeping.clean",
    "finish": "housekeeping.clean",
    "skip": "housekeeping.clean",
    "inspect": "housekeeping.inspect",
    "reset": "housekeeping.override",
}
HISTORY = 12


@require_safe
@requires("housekeeping.read")
def board(request: Request) -> HttpResponse:
    place = request.property
    rooms = queries.board(place, hotel.business_date(place))
    counts = queries.counts(rooms)
    show = request.GET.get("show", "")
    shown = [room for room in rooms if not show or show in (room.code, room.task.status if room.task else "")]
    floors: dict[str, list[Any]] = {}
    for room_ in shown:
        floors.setdefault(room_.floor, []).append(room_)
    context = {
        "floors": floors.items(),
        "total": len(rooms),
        "show": show,
        "codes": [(code, hotel.STATUS_WORDS[code], counts.get(code, 0)) for code in CODES],
        "states": [(state.value, state.label, counts.get(state.value, 0)) for state in TASK_FILTERS],
        "words": hotel.STATUS_WORDS,
    }
    return render(request, "housekeeping/board.html", context)


@require_safe
@requires("housekeeping.read")
def tasks(request: Request) -> HttpResponse:
    """What an attendant carries: the rooms to do, in order; `?all=1` shows those of colleagues too."""
    mine = None if request.GET.get("all") else request.user.pk
    work = queries.work_list(request.property, mine)
    return render(request, "housekeeping/tasks.html", {"tasks": work, "everybody": mine is None})


@require_safe
@requires("housekeeping.read")
def room(request: Request, number: str) -> HttpResponse:
    return _room(request, number)


def _room(request: Request, number: str, refused: dict[str, Any] | None = None) -> HttpResponse:
    """The room with its task, the steps open to this person and why others are not; `refused` holds a bound form."""
    place = request.property
    found = hotel.room_by_number(place, number)
    task = queries.open_task(found.pk)
    forms = {"inspect": InspectForm(), "reason": ReasonForm(), "override": OverrideForm(), **(refused or {})}
    code = hotel.status_code(found.occupancy, found.cleanliness)
    context = {
        "room": found,
        "code": code,
        "word": hotel.STATUS_WORDS[code],
        "task": task,
        "steps": _steps(request, task) if task else {},
        "can_override": door.resolver().holds(request, "housekeeping.override", place),
        "pass_score": policy.value("hygiene_pass_score", property=place),
        "forms": forms,
        "history": [
            (event, audit.words_of(event.verb)) for event in audit.events_of(found).order_by("-id")[:HISTORY]
        ],
    }
    template = "housekeeping/room.html"
    if htmx.is_htmx(request):
        return htmx.render_fragment(request, f"{template}#room", context, status=422 if refused else 200)
    return render(request, template, context, status=422 if refused else 200)


def _steps(request: Request, task: Any) -> dict[str, str]:
    """For each step: "" when this person may take it now, otherwise why not."""
    found = {}
    for step, right in STEP_RIGHTS.items():
        if not step_is_allowed(step, task.status):
            wanted = " / ".join(str(CleaningStatus(state).label) for state in STEPS[step])
            found[step] = _("任务为“%(states)s”时才能做") % {"states": wanted}
        elif not door.resolver().holds(request, right, request.property):
            found[step] = _("您的岗位没有这项权限")
        elif step == "skip" and task.kind == CleaningKind.DEPARTURE:
            found[step] = _("走客房必须清洁")
        else:
            found[step] = ""
    return found


# ---------------------------------------------------------------- steps


def _act(request: Request, number: str, said: str, act: Callable[[Any], object]) -> HttpResponse:
    """One step on the open task of a room, then back to the list the person came from."""
    act(queries.task_of_room(request.property, number))
    htmx.toast(request, said)
    return _back(request, number)


def _back(request: Request, number: str) -> HttpResponse:
    if request.POST.get("next") == "tasks":
        return htmx.redirect(request, "housekeeping:tasks")
    return htmx.redirect(request, "housekeeping:room", number=number)


def _given(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}


@require_POST
@requires("housekeeping.clean")
def start(request: Request, number: str) -> HttpResponse:
    said = _("%(room)s 房开始清洁") % {"room": number}
    return _act(
        request, number, said, lambda task: operations.start_cleaning(task_id=task.pk, **_given(request))
    )


@require_POST
@requires("housekeeping.clean")
def finish(request: Request, number: str) -> HttpResponse:
    said = _("%(room)s 房清洁完成，等待检查") % {"room": number}
    return _act(
        request, number, said, lambda task: operations.finish_cleaning(task_id=task.pk, **_given(request))
    )


@require_POST
@requires("housekeeping.inspect")
def inspect(request: Request, number: str) -> HttpResponse:
    passed = request.POST.get("passed") == "1"
    form = InspectForm(request.POST)
    if not form.is_valid():
        return _room(request, number, {"inspect": form})
    task = queries.task_of_room(request.property, number)
    try:
        operations.inspect(task_id=task.pk, passed=passed, **form.cleaned_data, **_given(request))
    except DomainError as error:
        form.refuse(error)
        return _room(request, number, {"inspect": form})
    words = _("%(room)s 房检查通过") if passed else _("%(room)s 房退回返工")
    htmx.toast(request, words % {"room": number})
    return _back(request, number)


def _with_reason(request: Request, number: str, said: str, act: Callable[..., object]) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _room(request, number, {"reason": form})
    reason = form.cleaned_data["reason"]
    return _act(request, number, said, lambda task: act(task_id=task.pk, reason=reason, **_given(request)))


@require_POST
@requires("housekeeping.override")
def reset(request: Request, number: str) -> HttpResponse:
    return _with_reason(
        request, number, _("%(room)s 房已重新安排清洁") % {"room": number}, operations.reset_task
    )


@require_POST
@requires("housekeeping.clean")
def skip(request: Request, number: str) -> HttpResponse:
    return _with_reason(request, number, _("%(room)s 房今天不清洁") % {"room": number}, operations.skip_task)


@require_POST
@requires("housekeeping.override")
def plan(request: Request, number: str) -> HttpResponse:
    """Have a room cleaned out of turn."""
    found = hotel.room_by_number(request.property, number)
    operations.plan_cleaning(
        room_id=found.pk, property_id=found.property_id, kind=CleaningKind.REQUESTED, urgent=True,
        business_date=hotel.business_date(request.property), **_given(request),
    )  # fmt: skip
    htmx.toast(request, _("%(room)s 房已安排加急清洁") % {"room": number})
    return _back(request, number)


@require_POST
@requires("housekeeping.override")
def override(request: Request, number: str) -> HttpResponse:
    """Another status by hand, with a reason (S-3.2(5))."""
    found = hotel.room_by_number(request.property, number)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _room(request, number, {"override": form})
    operations.override_room_status(
        room_id=found.pk, property_id=found.property_id, **form.cleaned_data, **_given(request)
    )
    htmx.toast(request, _("%(room)s 房的房态已修改") % {"room": number})
    return _back(request, number)
