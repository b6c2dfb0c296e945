"""Roles: which rights they gather."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.people import operations, queries
from kezhan.people.forms import NewRoleForm, RoleForm
from kezhan.people.requests import PersonRequest

from .tabs import tabs


@requires("people.manage_roles", scope="group")
def roles(request: PersonRequest) -> HttpResponse:
    context = {"roles": queries.roles_with_counts(request.group), "tabs": tabs(request, "roles")}
    return render(request, "people/roles.html", context)


@requires("people.manage_roles", scope="group")
def new_role(request: PersonRequest) -> HttpResponse:
    form = NewRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = operations.make_role(
                group=request.group, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect("people:edit_role", key=role.key)
    return render(request, "people/role_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("people.manage_roles", scope="group")
def edit_role(request: PersonRequest, key: str) -> HttpResponse:
    role = queries.role_by_key(request.group, key)
    held = set(role.rights.values_list("right", flat=True))
    known = {"name": role.name, "name_en": role.name_en, "requires_mfa": role.requires_mfa, "rights": held}
    form = RoleForm(request.POST or None, initial=known)
    form.fields["name"].widget.attrs["placeholder"] = role.label
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_role(
                role_id=role.pk, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存，担任者下一次操作就生效。"))
            return redirect("people:roles")
    chosen = set(form.data.getlist("rights")) if form.is_bound else held  # type: ignore[attr-defined]
    context = {"role": role, "form": form, "parts": queries.rights_by_app(chosen)}
    return render(request, "people/role.html", context, status=422 if form.errors else 200)
