from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kezhan.outbox.process import Stop
from kezhan.outbox.scheduler import Scheduler


class Command(BaseCommand):
    help = "Enqueue scheduled jobs when their time comes, until stopped (SIGTERM). One is enough; two do no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Stop()
        stop.install()
        Scheduler(stop=stop).run(once=options["once"])
