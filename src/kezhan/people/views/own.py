"""What a person does with their own account, where allauth's address would show a key of a table."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.http import HttpResponse

from kezhan.core.door import signed_in
from kezhan.core.errors import NotFound
from kezhan.people.queries import key_handle
from kezhan.people.requests import PersonRequest


@signed_in
def remove_key(request: PersonRequest, handle: str) -> HttpResponse:
    """Remove one of one's own passkeys, after confirming who one is."""
    keys = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN)
    found = next((key for key in keys if key_handle(key) == handle), None)
    if found is None:
        raise NotFound()
    return remove_webauthn(request, pk=found.pk)
