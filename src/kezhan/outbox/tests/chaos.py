"""Run as a process by the chaos test: `setup JOBS` makes tables and jobs, `work` is a worker that can be killed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import timedelta

import django

EFFECTS = "CREATE TABLE effect (job varchar(40) PRIMARY KEY)"
RUNS = "CREATE TABLE run (job varchar(40))"
COUNTER = "CREATE TABLE counter (n integer)"
LEASE = timedelta(seconds=1.5)


def effect(job) -> None:
    """Something that must happen once: its own key makes the second run a no-op, as every handler must."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO run VALUES (%s)", [job.id])
        time.sleep(random.uniform(0.02, 0.08))
        with transaction.atomic():
            cursor.execute("INSERT INTO effect VALUES (%s) ON CONFLICT DO NOTHING", [job.id])
            if cursor.rowcount:
                cursor.execute("UPDATE counter SET n = n + 1")
        time.sleep(random.uniform(0.0, 0.03))


def poison(job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(job) -> None:
    raise ValueError("never")


def register() -> None:
    from kezhan.outbox import api as outbox

    outbox.register_handler("chaos.effect", effect)
    outbox.register_handler("chaos.poison", poison)
    outbox.register_handler("chaos.fail", fail)


def setup(jobs: int) -> None:
    from django.db import connection, transaction

    from kezhan.outbox import api as outbox
    from kezhan.outbox.models import Task, Worker

    with connection.schema_editor() as editor:
        editor.create_model(Task)
        editor.create_model(Worker)
    with connection.cursor() as cursor:
        for statement in (EFFECTS, RUNS, COUNTER, "INSERT INTO counter VALUES (0)"):
            cursor.execute(statement)
    with transaction.atomic():
        for number in range(jobs):
            outbox.enqueue("chaos.effect", key=f"effect-{number}")
            outbox.enqueue("chaos.effect", key=f"effect-{number}")
        outbox.enqueue("chaos.poison", key="poison", max_attempts=2, priority=5)
        outbox.enqueue("chaos.fail", key="fail", max_attempts=2)


def work() -> None:
    from kezhan.outbox.process import Stop
    from kezhan.outbox.worker import Worker

    stop = Stop()
    stop.install()
    Worker(lease=LEASE, stop=stop).run()


if __name__ == "__main__":
    django.setup()
    register()
    setup(int(sys.argv[2])) if sys.argv[1] == "setup" else work()
