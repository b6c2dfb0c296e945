"""What opens a door without a person's password: tokens, the first link, passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from kezhan.core.actor import Actor
from kezhan.core.crypto import blind_index
from kezhan.core.errors import DomainError, NotAllowed, NotFound
from kezhan.core.ids import token_digest
from kezhan.core.prepared import Prepared
from kezhan.core.rights import RIGHTS
from kezhan.people.models import ApiToken, FirstLink, TokenProperty, User
from kezhan.properties.api import Property

from .lookup import the_only
from .standing import anybody_administers


class AdministratorExists(DomainError):
    code = "people.administrator_exists"
    message = _("系统里已经有管理员了，初次设置链接不再需要。")
    unlock = _("忘记密码时，请另一位管理员重设，或在服务器上运行 ./kezhan manage reset_password 登录名。")


class LinkNotGood(NotFound):
    code = "people.link_not_good"
    message = _("这个链接已经用过、已过期或不存在。")
    unlock = _("在服务器上运行 ./kezhan manage kezhan_first_link 可得到新的链接。")


@dataclass(frozen=True)
class Caller:
    """A machine that showed a good token: what it may do and where."""

    token: ApiToken
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        return self.token.actor()

    def place(self, right: str, property_code: str) -> Property:
        """The house of that code if the token may enter it, and may do this there. Raises NotFound, NotAllowed.

        Whether a house exists is not told to a token that may not enter it.
        """
        if self.token.all_properties:
            place = _ANY_HOUSE.first(property_code, self.token.group_id)
        else:
            place = _OWN_HOUSE.first(property_code, self.token.group_id, self.token.pk)
        if place is None:
            raise NotFound()
        self.require(right)
        return place

    def require(self, right: str) -> None:
        """Raises NotAllowed."""
        if right not in self.scopes:
            raise NotAllowed(right=RIGHTS.get(right).label)


# Asked by every call of a machine.
_TOKEN = Prepared(
    lambda digest: ApiToken.objects.filter(digest=digest).select_related("group"), token_digest("sample")
)
_ANY_HOUSE = Prepared(
    lambda code, group: Property.objects.filter(code=code, group_id=group).select_related("group"),
    "sample", -1,
)  # fmt: skip
_OWN_HOUSE = Prepared(
    lambda code, group, token: Property.objects.filter(
        code=code, group_id=group, pk__in=TokenProperty.objects.filter(token_id=token).values("property_id")
    ).select_related("group"),
    "sample", -1, -2,
)  # fmt: skip


def authenticate_token(text: str, *, now: datetime) -> Caller | None:
    """One query by digest; None for a token that is unknown, ended or revoked, without telling which."""
    token = _TOKEN.first(token_digest(text))
    if token is None or not token.is_good(now):
        return None
    return Caller(token, frozenset(token.scopes))


def check_first_link(token: str, now: datetime) -> None:
    """Raises LinkNotGood, AdministratorExists."""
    good = FirstLink.objects.filter(digest=token_digest(token), used_at__isnull=True, ends_at__gt=now)
    if not good.exists():
        raise LinkNotGood()
    if anybody_administers(now):
        raise AdministratorExists()


def second_steps(user: User) -> int:
    """How many second steps the person has set up, recovery codes not counted."""
    return (
        Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    )


def key_handle(key: Authenticator) -> str:
    """What the address calls a passkey, instead of its key in the table."""
    return blind_index("passkey", str(key.pk))[:16]


@dataclass(frozen=True)
class TokenRow:
    """A token as the list shows it."""

    token: ApiToken
    scopes: list[Any]
    places: list[str]
    state: str


def token_list(group: Any, now: datetime) -> list[TokenRow]:
    """The group's tokens, good ones first."""
    rows = ApiToken.objects.of(group).prefetch_related("properties").order_by("-created_at", "-pk")
    listed = [
        TokenRow(
            token,
            [RIGHTS.get(code).label if code in RIGHTS else code for code in token.scopes],
            sorted(place.code for place in token.properties.all()),
            "REVOKED" if token.revoked_at else "GOOD" if token.is_good(now) else "ENDED",
        )
        for token in rows
    ]
    return sorted(listed, key=lambda row: row.state != "GOOD")


def token_by_prefix(group: Any, prefix: str) -> ApiToken:
    """Raises NotFound."""
    return the_only(ApiToken.objects.of(group).filter(prefix=prefix))
