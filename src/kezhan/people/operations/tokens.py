"""Bearer tokens of machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import InvalidInput
from kezhan.core.ids import new_token, token_digest
from kezhan.core.locking import lock_row
from kezhan.core.rights import RIGHTS
from kezhan.people.models import ApiToken, TokenProperty
from kezhan.properties.api import Group, Property

from . import guards

LONGEST_DAYS = 730
PREFIX_LENGTH = 8


@transaction.atomic
def issue_token(
    *,
    group: Group,
    name: str,
    scopes: Sequence[str],
    places: Sequence[Property] | None,
    days: int,
    actor: Actor,
    now: datetime,
) -> tuple[ApiToken, str]:
    """A token for `places` (None: every house of the group, also later ones), good for `days`; its text is given once.

    Raises InvalidInput, BeyondYourOwn.
    """
    _check(group, name, scopes, places, days)
    for place in places if places is not None else [None]:
        guards.refuse_beyond_own(actor, scopes, place, now)
    text = new_token()
    token = ApiToken.objects.create(
        group=group,
        name=name.strip(),
        prefix=text[:PREFIX_LENGTH],
        digest=token_digest(text),
        scopes=sorted(set(scopes)),
        all_properties=places is None,
        created_at=now,
        created_by=actor.name[:60],
        ends_at=now + timedelta(days=days),
    )
    TokenProperty.objects.bulk_create(TokenProperty(property=place, token=token) for place in places or [])
    facts = {"scopes": token.scopes, "properties": [place.code for place in places or []], "days": days}
    audit.record("people.token_issued", actor=actor, subject=token, at=now, facts=facts)
    return token, text


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime, reason: str = "") -> ApiToken:
    """Refused at the very next call. Revoking twice changes nothing."""
    token = lock_row(ApiToken.objects.filter(pk=token_id))
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit.record("people.token_revoked", actor=actor, subject=token, at=now, reason=reason)
    return token


def _check(
    group: Group, name: str, scopes: Sequence[str], places: Sequence[Property] | None, days: int
) -> None:
    fields: dict[str, Any] = {}
    if not name.strip():
        fields["name"] = _("请填写名称。")
    unknown = sorted(code for code in scopes if code not in RIGHTS)
    if unknown or not scopes:
        fields["scopes"] = _("没有这项权限：%s。") % ", ".join(unknown) if unknown else _("至少给一项权限。")
    if places is not None and (not places or any(place.group_id != group.pk for place in places)):
        fields["properties"] = _("至少选一家本集团的门店。")
    if not 1 <= days <= LONGEST_DAYS:
        fields["days"] = _("有效期为 1 到 %s 天。") % LONGEST_DAYS
    if fields:
        raise InvalidInput(fields=fields)
