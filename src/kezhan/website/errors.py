"""Error pages in the product's own words: a page, a fragment for htmx, or an RFC 9457 problem under /api/."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from kezhan.core import htmx
from kezhan.core.door import public

WORDS: dict[int, tuple[Any, Any]] = {
    400: (_("请求有误"), _("浏览器发来的内容看不懂。请返回上一页重新操作。")),
    403: (_("没有权限"), _("您的岗位没有这项权限。需要的话请联系本店管理员。")),
    404: (_("没有找到"), _("这个地址没有内容，或者它不属于您所在的门店。")),
    405: (_("不能这样打开"), _("这个地址只接受页面上的按钮。请返回上一页操作。")),
    429: (
        _("尝试太多"),
        _("密码错误次数太多，这个账号在这台设备上已暂时锁定。请等半小时再试，或请管理员重设密码。"),
    ),
    500: (
        _("服务器出错了"),
        _("刚才这一步没有完成，数据没有改动。故障已记录，请再试一次；仍不行请联系管理员。"),
    ),
}
CSRF_WORDS = (_("页面已过期"), _("这个页面打开太久，或者在别处重新登录过。请返回上一页，刷新后再做一次。"))
CODES = {400: "bad_request", 403: "not_allowed", 404: "not_found", 405: "wrong_method", 500: "fault"}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rests on nothing that may have failed: no context processor, no database, no session."""
    heading, text = WORDS[500]
    if is_rest(request):
        return problem(500)
    if htmx.is_htmx(request):
        fragment = render_to_string("core/_fault.html", {"heading": heading, "text": text})
        return htmx.at_refusals(HttpResponse(fragment, status=500))
    return HttpResponse(render_to_string("core/500.html", {"heading": heading, "text": text}), status=500)


@public("shown by Django when a form's token is missing")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, 403, CSRF_WORDS)


@public("shown by axes after too many wrong passwords")
def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return answer(request, 429)


def answer(request: HttpRequest, status: int, words: tuple[Any, Any] | None = None) -> HttpResponse:
    if is_rest(request):
        return problem(status)
    heading, text = words or WORDS[status]
    context = {"heading": heading, "text": text, "status": status}
    if htmx.is_htmx(request):
        return htmx.at_refusals(render(request, "core/_fault.html", context, status=status))
    return render(request, "core/error.html", context, status=status)


def is_rest(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def problem(status: int) -> JsonResponse:
    """The RFC 9457 body of an error that no operation raised."""
    code = f"core.{CODES.get(status, 'refused')}"
    heading, text = WORDS[status]
    body = {
        "type": f"urn:kezhan:problem:{code}",
        "title": str(heading),
        "status": status,
        "detail": str(text),
        "code": code,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
