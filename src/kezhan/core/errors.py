"""Expected refusals. Raised by operations; turned into a page, an htmx fragment or a problem body in one place each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal that a person can understand and act on. Never logged as a fault.

    Subclasses set `code` (`app.what`), `message` (may use `%(name)s` of the keyword arguments), `status` and, where a
    regulation is behind the refusal, `clause`. `unlock` says what would make the act possible.
    """

    code = "core.refused"
    message: Any = _("这一步现在不能做。")
    unlock: Any = ""
    clause = ""
    status = 409

    def __init__(self, *, fields: Mapping[str, Any] | None = None, **params: Any) -> None:
        self.params = params
        self.fields = dict(fields or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text

    @property
    def advice(self) -> str:
        text = str(self.unlock)
        return text % self.params if self.params else text

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 body of this refusal. Holds only what the person may know."""
        body: dict[str, Any] = {
            "type": f"urn:kezhan:problem:{self.code}",
            "title": str(self),
            "status": self.status,
            "code": self.code,
        }
        if self.advice:
            body["detail"] = self.advice
        if self.clause:
            body["clause"] = self.clause
        if self.fields:
            body["errors"] = {name: str(text) for name, text in self.fields.items()}
        return body


class NotFound(DomainError):
    """Missing, or not visible to this person: the two are never told apart."""

    code = "core.not_found"
    message = _("没有找到。它可能不存在，或者不属于您所在的门店。")
    status = 404


class InvalidInput(DomainError):
    code = "core.invalid_input"
    message = _("填写的内容有误，请按提示修改。")
    status = 422


class NotAllowed(DomainError):
    code = "core.not_allowed"
    message = _("您的岗位没有这项权限。")
    unlock = _("需要“%(right)s”权限，请联系本店管理员。")
    status = 403


class ChangedMeanwhile(DomainError):
    code = "core.changed_meanwhile"
    message = _("这条记录刚刚被别人改过，请刷新后再试。")
