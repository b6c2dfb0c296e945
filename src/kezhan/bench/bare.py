"""The limit: a bare Django application with two middlewares, no session and no sign-in, on the same server and database.

Its select view reads 20 rows through the ORM, its insert view writes 3 rows in one transaction: the least that an
availability answer and a booking have to do. Run by granian as `kezhan.bench.bare:application`; `bare_tables` makes the
tables.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def stock_database(url: str) -> dict[str, Any]:
    """The product's database as Django would use it by itself: no prepared statements, no question whether it is there."""
    from kezhan.settings.database import database_from_url

    chosen = database_from_url(url, Path())
    if chosen["ENGINE"].endswith("postgresql"):
        chosen |= {"OPTIONS": {}, "CONN_HEALTH_CHECKS": False}
    return chosen


def configure() -> None:
    if settings.configured:
        return

    settings.configure(
        DEBUG=False,
        SECRET_KEY="bench" * 10,  # noqa: S106
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": stock_database(os.environ["KEZHAN_BENCH_URL"])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
        USE_TZ=True,
    )
    django.setup()


configure()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from .bare_tables import DAYS, ROOMS, Booking, Night  # noqa: E402


def noop(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


def select(request: HttpRequest) -> JsonResponse:
    rows = Booking.objects.filter(room=random.randrange(ROOMS)).order_by("arrive")  # noqa: S311
    return JsonResponse({"rows": list(rows.values("id", "arrive", "depart", "guest", "price")[:20])})


def insert(request: HttpRequest) -> JsonResponse:
    day = random.randrange(DAYS)  # noqa: S311
    with transaction.atomic():
        made = Booking.objects.create(room=day, arrive=day, depart=day + 2, guest="guest", price=30000)
        Night.objects.create(booking=made, day=day)
        Night.objects.create(booking=made, day=day + 1)
    return JsonResponse({"id": made.pk})


urlpatterns = [path("noop", noop), path("select", select), path("insert", insert)]
application = WSGIHandler()
