"""The decorator that makes a REST operation safe to repeat."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import InvalidInput
from kezhan.core.operation import operation

from .operations import answers

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("Content-Type", "Location")


def idempotent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a ninja operation in one transaction together with its answer under the request's Idempotency-Key.

    Put it below `@router.post(...)`. The operation returns an HttpResponse (`core.schemas.answer`). A repeat within 24 hours
    gets the stored answer and the header `Idempotency-Replayed: true`. A refusal rolls everything back and is not stored:
    nothing happened, so the same key may be tried again. Without the header the operation is one plain transaction.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _answer(request, lambda: view(request, *args, **kwargs))

    # Ninja reads the parameters' types in the module of the function it is given: hand it the original's.
    run.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    run.takes_idempotency_key = True  # type: ignore[attr-defined]
    return run


@operation
def _answer(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """An operation of its own: those that the view calls need no savepoint, since their refusal ends this one too."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _only_success(act())
    begun = answers.begin(_question(request, key), now=timezone.now())
    if isinstance(begun, answers.StoredAnswer):
        return _replay(begun)
    response = _only_success(act())
    if response.status_code < 400:
        answers.finish(begun, _to_store(response))
    return response


def _question(request: HttpRequest, key: str) -> answers.Question:
    if not _KEY.fullmatch(key):
        wrong = _("最多 200 个可见的 ASCII 字符，不含空格。")
        raise InvalidInput(fields={"Idempotency-Key": wrong})
    token = request.caller.token  # type: ignore[attr-defined]
    return answers.Question(
        group_id=token.group_id,
        token_id=token.id,
        key=key,
        address=f"{request.method} {request.get_full_path()}",
        body=request.body,
    )


def _only_success(response: HttpResponse) -> HttpResponse:
    """A refusal that was returned instead of raised must not commit half a change."""
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response


def _to_store(response: HttpResponse) -> answers.StoredAnswer:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return answers.StoredAnswer(status=response.status_code, headers=headers, body=response.content.decode())


def _replay(stored: answers.StoredAnswer) -> HttpResponse:
    response = HttpResponse(stored.body, status=stored.status, headers=dict(stored.headers))
    response["Idempotency-Replayed"] = "true"
    return response
