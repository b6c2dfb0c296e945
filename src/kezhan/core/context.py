"""What every template finds without its view giving it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .shell import Shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`, the frame of the page. Fragments that do not ask for it pay nothing."""
    if not hasattr(request, "_shell"):
        request._shell = Shell(request)  # type: ignore[attr-defined]
    return {"shell": request._shell}  # type: ignore[attr-defined]
