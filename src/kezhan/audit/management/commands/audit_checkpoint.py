"""Write the heads of the audit chains to the checkpoint file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from kezhan.audit.checkpoints import export_checkpoint


class Command(BaseCommand):
    help = (
        "Append the head of every audit chain that grew to KEZHAN_CHECKPOINT_FILE. Run it daily, and keep the file "
        "where the database's administrator cannot write."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = export_checkpoint(timezone.now())
        self.stdout.write(f"{count} checkpoint(s) written to {settings.KEZHAN_CHECKPOINT_FILE}")
