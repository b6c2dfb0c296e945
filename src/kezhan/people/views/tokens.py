"""Bearer tokens of the group: what each may do, until when, and revoking it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core.door import requires
from kezhan.people import operations, queries
from kezhan.people.requests import PersonRequest

from .tabs import tabs


@requires("people.manage_tokens", scope="group")
def tokens(request: PersonRequest) -> HttpResponse:
    rows = queries.token_list(request.group, timezone.now())
    return render(request, "people/tokens.html", {"rows": rows, "tabs": tabs(request, "tokens")})


@require_POST
@requires("people.manage_tokens", scope="group")
def revoke(request: PersonRequest, prefix: str) -> HttpResponse:
    token = queries.token_by_prefix(request.group, prefix)
    operations.revoke_token(token_id=token.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("令牌“%(name)s”已吊销，下一次调用就会被拒绝。") % {"name": token.name})
    return redirect("people:tokens")
