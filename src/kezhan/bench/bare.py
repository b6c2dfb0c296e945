"""The limit: a bare Django application with two middlewares, no session and no sign-in, on the same server and database.

Its select view reads 20 rows, its insert view writes 3 rows in one transaction: the least that an availability answer and
a booking have to do. Run by granian as `kezhan.bench.bare:application`; the table is made by `bare_tables`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from .bare_tables import TABLE


def configure() -> None:
    if settings.configured:
        return
    from kezhan.settings.database import database_from_url

    settings.configure(
        DEBUG=False,
        SECRET_KEY="bench" * 10,  # noqa: S106
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database_from_url(os.environ["KEZHAN_BENCH_URL"], Path())},
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
        USE_TZ=True,
    )
    django.setup()


configure()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


def noop(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


def select(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, day, type, price FROM {TABLE} WHERE day = %s LIMIT 20", ["2027-01-05"])  # noqa: S608
        rows: list[Any] = cursor.fetchall()
    return JsonResponse({"rows": [[row[0], str(row[1]), row[2], str(row[3])] for row in rows]})


def insert(request: HttpRequest) -> JsonResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(3):
            cursor.execute(
                f"INSERT INTO {TABLE} (day, type, price) VALUES (%s, %s, %s)",  # noqa: S608
                ["2027-02-01", number, 388],
            )
    return JsonResponse({"done": 3})


urlpatterns = [path("noop", noop), path("select", select), path("insert", insert)]
application = WSGIHandler()
