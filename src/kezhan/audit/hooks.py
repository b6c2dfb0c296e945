"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.core import nav, rights

from .verbs import name_verbs


def register() -> None:
    rights.declare("audit.read", _("查看审计记录"), scope="group")
    rights.declare("audit.export_checkpoint", _("导出审计检查点"), scope="group")
    nav.register(
        nav.NavItem(
            key="audit", label=_("审计"), url_name="audit:events", right="audit.read", order=940,
            icon="shield-lock", scope="group",
        )
    )  # fmt: skip
    name_verbs(
        {
            "audit.trail_exported": _("导出审计记录"),
            "audit.checkpoint_exported": _("导出审计检查点"),
        }
    )
