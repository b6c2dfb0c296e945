"""What an administrator does with work that was given up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.errors import DomainError
from kezhan.core.locking import lock_row

from ..choices import TaskState
from ..models import Task

MORE_ATTEMPTS = 3


class NotDead(DomainError):
    code = "outbox.task_not_dead"
    message = _("这项任务没有被放弃，不需要重试。")
    unlock = _("请刷新页面查看它现在的状态。")


@transaction.atomic
def retry(token: UUID, *, group_id: int, actor: Actor, now: datetime) -> Task:
    """Give a dead task a few more attempts, from now. Attempts go on counting, so that a late worker stays fenced off.

    Raises NotFound for a task this group does not see, NotDead for one that is not dead.
    """
    task = lock_row(Task.objects.seen_by_group(group_id).filter(token=token))
    if task.state != TaskState.DEAD:
        raise NotDead()
    task.state, task.run_after, task.finished_at = TaskState.READY, now, None
    task.max_attempts = min(task.attempts + MORE_ATTEMPTS, 32_000)
    task.save(update_fields=["state", "run_after", "finished_at", "max_attempts"])
    audit.record(
        "outbox.task_retried",
        actor=actor,
        subject=task,
        at=now,
        group_id=task.group_id or group_id,
        facts={"name": task.name, "attempts": task.attempts},
    )
    return task
