"""`./kezhan manage reset_password USERNAME`: a way back for the only administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import system
from kezhan.core.errors import DomainError
from kezhan.people.models import User
from kezhan.people.operations import give_one_time_password
from kezhan.people.rules import clean_username


class Command(BaseCommand):
    help = _("给员工一个一次性密码并打印出来；首次登录时必须改掉，其他登录即刻退出，锁定解除。")  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help=str(_("登录名")))

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=clean_username(options["username"])).first()
        if user is None:
            raise CommandError(_("没有登录名为 %s 的员工。") % options["username"])
        try:
            password = give_one_time_password(
                user_id=user.pk, actor=system("reset_password", "COMMAND"), now=timezone.now()
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(password)
