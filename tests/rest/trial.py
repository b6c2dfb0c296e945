"""A REST root with trial routes, built like the product's, so that its rules can be tested without any hotel."""

from __future__ import annotations

import time
from typing import Annotated

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from ninja import Router
from pydantic import Field

from kezhan.core.errors import ChangedMeanwhile
from kezhan.core.schemas import Amount, Code, Day, In, Out, answer, text, whole
from kezhan.outbox.api import idempotent
from kezhan.outbox.models import Schedule
from kezhan.website.api import api as product
from kezhan.website.rest.door import Bearer
from kezhan.website.rest.root import Root

router = Router()


class NoteIn(In):
    name: text(40, 1)
    room: Code = "R1"
    guests: whole(1, 9) = 1
    arrival: Day | None = None
    price: Amount | None = None
    refuse: bool = False
    slow: bool = False


class NoteOut(Out):
    name: str
    notes: int
    price: Amount | None = None


@router.post("/notes", response={201: NoteOut})
@idempotent
def write_note(request: HttpRequest, body: NoteIn) -> HttpResponse:
    """Writes a row per call, so that a second run would be seen."""
    Schedule.objects.create(
        name=f"{body.name}-{Schedule.objects.count()}", rhythm="-", last_slot_at=timezone.now()
    )
    if body.slow:
        time.sleep(0.5)
    if body.refuse:
        raise ChangedMeanwhile()
    return answer(
        NoteOut(name=body.name, notes=Schedule.objects.count(), price=body.price), 201, {"Location": "/n/1"}
    )


@router.get("/days", response=NoteOut)
def days(request: HttpRequest, arrival: Day, guests: Annotated[int, Field(ge=1, le=9)] = 1) -> HttpResponse:
    return answer(NoteOut(name=arrival.isoformat(), notes=guests))


@router.get("/echo/{code}", response=NoteOut)
def echo(request: HttpRequest, code: Code) -> HttpResponse:
    return answer(NoteOut(name=code, notes=0))


@router.get("/fault", response=NoteOut)
def fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret")


@router.get("/busy", response=NoteOut)
def busy(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


trial = Root(title="trial", docs_url=None, urls_namespace="trial", auth=Bearer(), mounted_at="trial/")
trial.add_router("", router)
urlpatterns = [path("api/v1/", product.urls), path("trial/", trial.urls)]
