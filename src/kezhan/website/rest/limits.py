"""How many calls a token may make in a minute, over all processes together.

Each process counts in memory and exchanges its count with one row per token and minute, at most once a second and only
when it matters: a call costs two dictionary look-ups. docs/decisions tells why not a row per call.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError
from kezhan.outbox import api as outbox

WINDOW = 60
EXCHANGE_EVERY = 1.0
# A process below this share of the limit keeps its count to itself: twenty of them together cannot exceed it.
QUIET_SHARE = 0.05
DEFAULT_PER_MINUTE = 60_000


class TooManyCalls(DomainError):
    code = "rest.too_many_calls"
    message = _("这个令牌的调用过于频繁。")
    unlock = _("每分钟最多 %(limit)s 次，请在 %(seconds)s 秒后重试。")
    status = 429


@dataclass(slots=True)
class Count:
    """Calls of one token in one minute: what this process saw, told others, and last heard of all of them together."""

    window: int
    here: int = 0
    told: int = 0
    others: int = 0
    exchanged: float = 0.0

    @property
    def total(self) -> int:
        return self.others + self.here


_counts: dict[int, Count] = {}
_lock = threading.Lock()


def per_minute() -> int:
    return int(getattr(settings, "KEZHAN_REST_CALLS_PER_MINUTE", DEFAULT_PER_MINUTE))


def count_call(group_id: int, token_id: int, *, at: float | None = None) -> None:
    """Count a call of the token. Raises TooManyCalls when the minute is used up; a refused call is not counted."""
    moment = time.time() if at is None else at
    window, limit = int(moment // WINDOW), per_minute()
    count = _counts.get(token_id)
    if count is None or count.window != window:
        count = _begin(token_id, window)
    if count.total >= limit:
        raise TooManyCalls(limit=limit, seconds=int((window + 1) * WINDOW - moment) + 1)
    count.here += 1
    if count.here > limit * QUIET_SHARE and moment - count.exchanged >= EXCHANGE_EVERY:
        _exchange(group_id, token_id, count, moment)


def _begin(token_id: int, window: int) -> Count:
    with _lock:
        for old in [key for key, count in _counts.items() if count.window < window]:
            del _counts[old]
        return _counts.setdefault(token_id, Count(window))


def _exchange(group_id: int, token_id: int, count: Count, moment: float) -> None:
    """Tell the row what was counted here since the last time, and hear what all processes counted."""
    count.exchanged = moment
    fresh = count.here - count.told
    count.told += fresh
    count.others = outbox.add_calls(group_id, token_id, count.window, fresh) - count.told


def forget() -> None:
    """Start counting afresh in this process; a test's neighbour must not feel its calls."""
    _counts.clear()
