"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights, statuses

from .choices import TaskState
from .handlers import Job, register_handler, register_schedule
from .operations import upkeep

SEAL_BATCH = 2000


def register() -> None:
    rights.declare("outbox.manage", _("查看并重试后台任务"), scope="group")
    nav.register(
        nav.NavItem(
            "outbox",
            _("后台任务"),
            "outbox:overview",
            "outbox.manage",
            order=950,
            icon="stack-2",
            scope="group",
        )
    )
    audit.name_verbs({"outbox.task_retried": _("重试后台任务")})
    statuses.declare(
        "outbox.task", TaskState, {"READY": "due", "RUNNING": "busy", "DONE": "ok", "DEAD": "bad"}
    )
    register_handler("outbox.purge", _purge, label=_("清理过期的任务和答复"))
    register_schedule("outbox.purge", handler="outbox.purge", cron="17 * * * *")
    register_handler("audit.seal", _seal, label=_("封存审计记录"))
    register_schedule("audit.seal", handler="audit.seal", every_seconds=5)
    register_handler("audit.checkpoint", _checkpoint, label=_("导出审计检查点"))
    register_schedule("audit.checkpoint", handler="audit.checkpoint", cron="40 3 * * *")


def _purge(job: Job) -> None:
    upkeep.purge(now=job.now)


def _seal(job: Job) -> None:
    """The trail lies below this app, so the clock of its sealer is kept here. Goes on while whole batches come."""
    while audit.seal_pending(now=job.now, limit=SEAL_BATCH) >= SEAL_BATCH:
        continue


def _checkpoint(job: Job) -> None:
    """Once a day the heads of the chains go where the database's owner cannot rewrite them."""
    audit.export_checkpoint(job.now)
