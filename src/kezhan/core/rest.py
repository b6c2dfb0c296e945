"""REST routers of the apps, registered by dotted path and mounted by the website under /api/v1/.

Light on purpose: every process reads it at start. What routers are built of (types, pages, answers) is `core.schemas`.
"""

from __future__ import annotations

from .registry import Registry

ROUTERS: Registry[str] = Registry("REST router")


def register_router(prefix: str, dotted_path: str) -> None:
    """`prefix` such as "/properties"; `dotted_path` names a ninja Router, imported when the REST root is built."""
    ROUTERS.register(prefix, dotted_path)
