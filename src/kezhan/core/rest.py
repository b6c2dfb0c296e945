"""REST routers of the apps, mounted by the website under /api/v1/. Registered by dotted path, imported at the root."""

from __future__ import annotations

from .registry import Registry

ROUTERS: Registry[str] = Registry("REST router")


def register_router(prefix: str, dotted_path: str) -> None:
    """`prefix` as in "/properties/{property_code}/bookings"-style roots; `dotted_path` names a ninja Router."""
    ROUTERS.register(prefix, dotted_path)
