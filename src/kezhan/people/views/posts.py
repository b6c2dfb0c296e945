"""Departments and posts, and which roles a post gives."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core import door
from kezhan.core.door import requires
from kezhan.core.errors import DomainError
from kezhan.people import operations, queries
from kezhan.people.forms import DepartmentForm, NewPostForm, PostForm
from kezhan.people.requests import PersonRequest

from .tabs import tabs


@requires("people.read", scope="group")
def posts(request: PersonRequest) -> HttpResponse:
    departments = queries.departments_with_posts(request.group, timezone.now())
    may_manage = door.resolver().holds(request, "people.manage_roles", None)
    context = {"departments": departments, "may_manage": may_manage, "tabs": tabs(request, "posts")}
    return render(request, "people/posts.html", context)


@requires("people.manage_roles", scope="group")
def new_department(request: PersonRequest) -> HttpResponse:
    form = DepartmentForm(request.POST or None, group=request.group)
    if request.method == "POST" and form.is_valid():
        try:
            operations.open_department(
                group=request.group, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("部门已设立。"))
            return redirect("people:posts")
    return _form(request, form, _("新部门"))


@requires("people.manage_roles", scope="group")
def new_post(request: PersonRequest, department: str) -> HttpResponse:
    found = queries.department_by_handle(request.group, department)
    form = NewPostForm(request.POST or None, group=request.group)
    if request.method == "POST" and form.is_valid():
        try:
            operations.open_post(
                department=found, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("岗位已设立。"))
            return redirect("people:posts")
    return _form(request, form, _("%(department)s：新岗位") % {"department": found.label})


@requires("people.manage_roles", scope="group")
def edit_post(request: PersonRequest, post: str) -> HttpResponse:
    found = queries.post_by_handle(request.group, post)
    known = {"name": found.name, "name_en": found.name_en, "roles": [role.key for role in found.roles.all()]}
    form = PostForm(request.POST or None, group=request.group, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            operations.update_post(
                post_id=found.pk, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存，担任者下一次操作就生效。"))
            return redirect("people:posts")
    return _form(request, form, _("岗位：%(post)s") % {"post": found.label}, retire=found)


@require_POST
@requires("people.manage_roles", scope="group")
def retire_post(request: PersonRequest, post: str) -> HttpResponse:
    found = queries.post_by_handle(request.group, post)
    operations.retire_post(post_id=found.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("岗位已停用。"))
    return redirect("people:posts")


def _form(request: PersonRequest, form: object, heading: str, **context: object) -> HttpResponse:
    context |= {"form": form, "heading": heading}
    return render(request, "people/post_form.html", context, status=422 if form.errors else 200)  # type: ignore[attr-defined]
