"""Run after each upgrade: new rights reach the shipped roles they belong to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import system
from kezhan.people.operations import ship_roles
from kezhan.properties.api import Group


class Command(BaseCommand):
    help = _("把新版本带来的权限授予各集团的出厂角色；已被收回的权限不会回来。可以重复运行。")  # type: ignore[assignment]

    def handle(self, *args: Any, **options: Any) -> None:
        for group in Group.objects.order_by("code"):
            granted = ship_roles(group=group, actor=system("upgrade", "COMMAND"), now=timezone.now())
            self.stdout.write(f"{group.code}: {len(granted)}")
