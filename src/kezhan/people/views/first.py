"""The first page of a new installation: group, property and administrator through a link that is good once."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kezhan.core.errors import DomainError
from kezhan.people import operations, queries
from kezhan.people.forms import FirstForm


@never_cache
@sensitive_post_parameters("password", "password_again")
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Shown only while the link is good; a used or old one answers with words and where to get another."""
    now = timezone.now()
    queries.check_first_link(token, now)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.use_first_link(token=token, house=form.house(), now=now)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(settings.LOGIN_URL)
    return render(request, "people/first.html", {"form": form}, status=422 if form.errors else 200)
