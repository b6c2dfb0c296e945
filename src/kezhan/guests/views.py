"""宾客: find a guest, look at the profile, keep it right. Sealed fields are shown masked, here and everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kezhan.core import door, htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.hotel import api as hotel

from . import operations, queries
from .choices import DocumentKind
from .forms import EditForm, EnrolForm, MembershipForm, ProfileForm
from .models import Guest

# The door sets `property`, the middlewares `actor` and `htmx`: no class of Django's has them.
Request = Any
METHODS = ["GET", "HEAD", "POST"]
SHOWN = 50


@require_safe
@requires("guests.read")
def guests(request: Request) -> HttpResponse:
    """Those who match `?q=`, or the newest profiles."""
    text = request.GET.get("q", "").replace("\0", "")[:80]
    group = request.property.group_id
    found = queries.search(group, text, SHOWN + 1) if text.strip() else list(queries.recent(group, 20))
    context = {
        "text": text,
        "rows": [(guest, queries.masked_phone(guest)) for guest in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "may_edit": _may_edit(request),
    }
    template = (
        "guests/guests.html#rows" if request.htmx and not request.htmx.boosted else "guests/guests.html"
    )
    return render(request, template, context)


@require_safe
@requires("guests.read")
def guest(request: Request, number: str) -> HttpResponse:
    """A profile: a page, or the side sheet."""
    found = queries.guest_by_number(request.property.group_id, number)
    documents = [
        (DocumentKind(row.kind).label, queries.masked_document(row), row)
        for row in found.documents.order_by("id")
    ]
    member = getattr(found, "member", None)
    on = hotel.business_date(request.property)
    context = {
        "guest": found,
        "masked": masked(found),
        "documents": documents,
        "member": member,
        "member_counts": member is not None and queries.membership(found, on) is not None,
        "may_edit": _may_edit(request),
    }
    template = "guests/guest.html#sheet" if htmx.is_htmx(request) else "guests/guest.html"
    return render(request, template, context)


@require_http_methods(METHODS)
@requires("guests.edit")
def new(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None)
    return _answer(
        request,
        form,
        _("新建客人档案"),
        lambda: operations.make_profile(group=request.property.group, **form.cleaned_data, **_by(request)),
    )


@require_http_methods(METHODS)
@requires("guests.edit")
def edit(request: Request, number: str) -> HttpResponse:
    found = queries.guest_by_number(request.property.group_id, number)
    form = EditForm(request.POST or None, guest=found, masked=masked(found))
    return _answer(
        request,
        form,
        _("修改档案 %(number)s") % {"number": found.number},
        lambda: operations.update_profile(
            guest_id=found.pk, group_id=found.group_id, **form.changes(), **_by(request)
        ),
    )


@require_http_methods(METHODS)
@requires("guests.edit")
def membership(request: Request, number: str) -> HttpResponse:
    """Enrol the guest, or change the membership that is there."""
    found = queries.guest_by_number(request.property.group_id, number)
    member, today = getattr(found, "member", None), hotel.business_date(request.property)

    def act() -> Guest:
        change = operations.change_membership if member else operations.enrol_member
        change(guest=found, **form.cleaned_data, **_by(request))
        return found

    if member:
        form: Any = MembershipForm(request.POST or None, member=member, today=today)
        return _answer(request, form, _("调整会员 %(number)s") % {"number": member.number}, act)
    form = EnrolForm(request.POST or None, today=today, initial={"joined_date": today, "points": 0})
    return _answer(request, form, _("办理入会"), act)


def masked(found: Guest) -> dict[str, str]:
    return {
        "phone": queries.masked_phone(found),
        "email": queries.masked_email(found),
        "birth_date": queries.masked_birth_date(found),
    }


def _may_edit(request: Request) -> bool:
    return door.resolver().holds(request, "guests.edit", request.property)


def _by(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": timezone.now()}


def _answer(request: Request, form: Any, title: str, act: Callable[[], Guest]) -> HttpResponse:
    """Do it and show the profile, or show the form with what stands in the way."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            htmx.toast(request, _("已保存。"))
            return htmx.redirect(request, "guests:guest", number=saved.number)
    status = 422 if request.method == "POST" else 200
    template = "core/_act_form.html" if htmx.is_htmx(request) else "guests/form.html"
    return render(request, template, {"form": form, "form_title": title}, status=status)
