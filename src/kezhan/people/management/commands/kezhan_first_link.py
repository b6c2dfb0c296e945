"""`./kezhan manage kezhan_first_link`: the way in when nobody administers yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError
from kezhan.people.operations import make_first_link


class Command(BaseCommand):
    help = _("打印建立第一位管理员的链接（24 小时内有效，只能用一次；已有管理员时拒绝）。")  # type: ignore[assignment]

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = make_first_link(now=timezone.now())
        except DomainError as refusal:
            raise CommandError(f"{refusal} {refusal.advice}") from refusal
        self.stdout.write(reverse("people_first", kwargs={"token": token}))
