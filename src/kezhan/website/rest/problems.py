"""Every refusal and every fault becomes one kind of body (RFC 9457), in the language the caller asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kezhan.core.errors import DomainError, NotFound
from kezhan.core.schemas import problem, problem_answer

log = logging.getLogger("kezhan.rest")

# pydantic's kinds of error, in the words of the house. Names in %() are what pydantic reports beside the kind.
WORDS: dict[str, Any] = {
    "missing": _("必须填写。"),
    "extra_forbidden": _("没有这个字段。"),
    "string_type": _("应为文字。"),
    "string_too_short": _("至少 %(min_length)s 个字符。"),
    "string_too_long": _("最多 %(max_length)s 个字符。"),
    "string_pattern_mismatch": _("含有不允许的字符，或者格式不对。"),
    "string_unicode": _("含有不允许的字符，或者格式不对。"),
    "int_type": _("应为整数。"),
    "int_parsing": _("应为整数。"),
    "int_from_float": _("应为整数。"),
    "bool_type": _("应为 true 或 false。"),
    "bool_parsing": _("应为 true 或 false。"),
    "greater_than": _("应大于 %(gt)s。"),
    "greater_than_equal": _("不能小于 %(ge)s。"),
    "less_than": _("应小于 %(lt)s。"),
    "less_than_equal": _("不能大于 %(le)s。"),
    "date_parsing": _("日期应写作 2026-11-22。"),
    "date_out_of_range": _("日期超出了可用范围。"),
    "decimal_parsing": _('金额应写作文字 "388.00"。'),
    "list_type": _("应为列表。"),
    "too_short": _("至少 %(min_length)s 项。"),
    "too_long": _("最多 %(max_length)s 项。"),
    "dict_type": _("应为对象。"),
    "model_type": _("应为对象。"),
    "model_attributes_type": _("应为对象。"),
    "literal_error": _("应为下列之一：%(expected)s。"),
    "enum": _("应为下列之一：%(expected)s。"),
}
WRONG = _("填写有误。")
BY_STATUS: dict[int, tuple[str, Any]] = {
    400: ("rest.unreadable", _("请求无法读懂，请检查 JSON 格式。")),
    401: ("rest.not_signed_in", _("需要有效的令牌。")),
    403: ("core.not_allowed", _("这个令牌没有这项权限。")),
    404: ("core.not_found", NotFound.message),
    405: ("rest.method_not_allowed", _("这个地址不接受这种方法。")),
    413: ("rest.too_large", _("请求内容过大。")),
    415: ("rest.media_type", _("请求内容应为 application/json。")),
    429: ("rest.too_many_calls", _("调用过于频繁，请稍后重试。")),
    500: ("rest.fault", _("系统出错了，没有保存任何改动。我们已记录，请稍后重试。")),
    503: ("rest.busy", _("系统正忙，没有保存任何改动，请稍后重试。")),
}


def install(api: NinjaAPI) -> None:
    """Put our answers in the place of ninja's own."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        DomainError: _refused,
        ValidationError: _invalid,
        AuthenticationError: lambda request, error: unauthorised(),
        HttpError: lambda request, error: plain(error.status_code),
        Http404: lambda request, error: plain(404),
        RequestDataTooBig: lambda request, error: plain(413),
        SuspiciousOperation: lambda request, error: plain(400),
        OperationalError: _busy,
        Exception: _fault,
    }
    for kind, handler in answers.items():
        api.add_exception_handler(kind, handler)


def plain(status: int) -> HttpResponse:
    code, title = BY_STATUS.get(status) or BY_STATUS[400 if status < 500 else 500]
    return problem(status, code, title)


def unauthorised() -> HttpResponse:
    response = plain(401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    response = problem_answer(error.problem())
    if error.status == 429:
        response["Retry-After"] = str(error.params.get("seconds", 60))
    return response


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not fit the OpenAPI text. What fits it and is refused for its meaning is a DomainError."""
    fields = {_place(item["loc"]): _words(item) for item in error.errors}
    return problem(422, "rest.invalid_fields", _("填写的内容有误，请按提示修改。"), errors=fields)


def _place(location: Iterable[Any]) -> str:
    """The field as the caller wrote it: `arrival`, `rooms.0.adults`; ninja leads with where it stood and our name for it."""
    parts = [str(part) for part in location]
    if parts[:1] == ["body"]:
        return ".".join(parts[2:]) or "body"
    return ".".join(parts[1:]) or parts[0]


def _words(item: Mapping[str, Any]) -> str:
    words = str(WORDS.get(item["type"], WRONG))
    try:
        return words % item.get("ctx", {})
    except (KeyError, TypeError):
        return str(WRONG)


def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database did not answer in time (a lock held too long, a restart). Nothing was committed."""
    log.warning(
        "database busy at %s %s: %s", request.method, _route(request), type(error.__cause__ or error).__name__
    )
    response = plain(503)
    response["Retry-After"] = "1"
    return response


def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("fault at %s %s", request.method, _route(request), exc_info=error)
    return plain(500)


def _route(request: HttpRequest) -> str:
    """The pattern, not the address: an address may hold a number that belongs to a guest."""
    return getattr(request.resolver_match, "route", "?")
