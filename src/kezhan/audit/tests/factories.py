"""Dull events."""

from datetime import UTC, datetime

from kezhan.audit.models import Event
from kezhan.audit.operations import prepare, record_many
from kezhan.core.actor import Actor

NOW = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=UTC)
CLERK = Actor(kind="USER", id="7", name="李梅")


def make_events(count: int, *, group_id: int | None = None, verb: str = "billing.posted") -> list[Event]:
    record_many(
        prepare(verb, actor=CLERK, subject=None, at=NOW, group_id=group_id, reason="例行", facts={"n": n})
        for n in range(count)
    )
    return list(Event.objects.order_by("-pk")[:count][::-1])
