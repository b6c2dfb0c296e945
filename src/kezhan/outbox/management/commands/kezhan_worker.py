from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kezhan.outbox.process import Stop
from kezhan.outbox.worker import Worker


class Command(BaseCommand):
    help = "Run queued jobs until stopped (SIGTERM). Start as many as needed, on any machine that reaches the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is due")
        parser.add_argument(
            "--lease", type=float, default=60, help="seconds until a killed worker's job is taken over"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Stop()
        stop.install()
        worker = Worker(lease=timedelta(seconds=options["lease"]), stop=stop)
        worker.run(once=options["once"])
        self.stdout.write(f"worker {worker.name}: {worker.done} done, {worker.failed} failed")
