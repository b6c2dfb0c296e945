"""`./kezhan manage api_token create|list|revoke`: bearer tokens for other systems."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import system
from kezhan.core.errors import DomainError
from kezhan.people import operations, queries
from kezhan.people.models import ApiToken
from kezhan.properties import api as properties
from kezhan.properties.api import Group, Property

ACTOR = system("api_token", "COMMAND")


class Command(BaseCommand):
    help = _("建立、列出、吊销接口令牌。令牌明文只在建立时打印一次，库里只存摘要。")  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help=str(_("建立令牌并打印明文")))
        create.add_argument("--name", required=True, help=str(_("用途，例如 官网订房")))
        create.add_argument("--property", action="append", default=[], help=str(_("门店代码，可以重复")))
        create.add_argument(
            "--all-properties", metavar="GROUP", default="", help=str(_("集团代码：这个集团的全部门店"))
        )
        create.add_argument(
            "--scope", action="append", required=True, help=str(_("权限，例如 reservations.book，可以重复"))
        )
        create.add_argument("--days", type=int, default=365, help=str(_("有效天数，最长 730")))
        verbs.add_parser("list", help=str(_("列出全部令牌")))
        revoke = verbs.add_parser("revoke", help=str(_("吊销令牌")))
        revoke.add_argument("prefix", help=str(_("令牌的开头，见 list")))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as refusal:
            detail = " ".join(str(text) for text in refusal.fields.values())
            raise CommandError(f"{refusal} {detail}".strip()) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        group, places = self._where(options)
        _token, text = operations.issue_token(
            group=group,
            name=options["name"],
            scopes=options["scope"],
            places=places,
            days=options["days"],
            actor=ACTOR,
            now=timezone.now(),
        )
        self.stdout.write(text)

    def _where(self, options: dict[str, Any]) -> tuple[Group, list[Property] | None]:
        if bool(options["property"]) == bool(options["all_properties"]):
            raise CommandError(_("请给 --property 门店代码，或 --all-properties 集团代码，二者取一。"))
        if options["all_properties"]:
            return properties.group_by_code(options["all_properties"]), None
        places = [properties.property_by_code(code) for code in options["property"]]
        return places[0].group, places

    def _list(self, options: dict[str, Any]) -> None:
        for group in Group.objects.order_by("code"):
            for row in queries.token_list(group, timezone.now()):
                where = "*" if row.token.all_properties else ",".join(row.places)
                line = [row.token.prefix, row.state, f"{row.token.ends_at:%Y-%m-%d}", group.code, where]
                self.stdout.write("\t".join([*line, ",".join(row.token.scopes), row.token.name]))

    def _revoke(self, options: dict[str, Any]) -> None:
        found = ApiToken.objects.filter(prefix=options["prefix"])
        if len(found) != 1:
            raise CommandError(
                _("开头为 %(prefix)s 的令牌有 %(count)s 个。")
                % {"prefix": options["prefix"], "count": len(found)}
            )
        operations.revoke_token(token_id=found[0].pk, actor=ACTOR, now=timezone.now())
        self.stdout.write(options["prefix"])
