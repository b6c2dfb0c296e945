"""Health for whoever watches the processes: no person, no session, no personal data."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kezhan.core.door import public
from kezhan.outbox import api as outbox


@public("says only that the process answers")
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@public("says only whether the parts are ready")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database is away, a migration is missing, or no worker or scheduler has given a sign of life."""
    checks = {"database": database_answers()}
    checks["migrations"] = checks["database"] and migrated()
    checks["worker"] = checks["migrations"] and outbox.alive(timezone.now())
    checks["scheduler"] = checks["migrations"] and outbox.scheduler_alive(timezone.now())
    ready = all(checks.values())
    body = {
        "status": "ok" if ready else "unavailable",
        "checks": {k: "ok" if v else "failed" for k, v in checks.items()},
    }
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def migrated() -> bool:
    """Whether every migration on disk is applied. Once it is, it stays so for this process."""
    if connection.settings_dict["NAME"] in _migrated():
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _migrated().add(connection.settings_dict["NAME"])
    return True


@cache
def _migrated() -> set[str]:
    return set()
