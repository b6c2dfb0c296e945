"""What this app declares and registers when the product starts."""

from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import nav, rights

from .queries import KnownTree


def register() -> None:
    audit.register_tree(KnownTree())
    rights.declare("properties.manage", _("管理门店资料"), scope="group", high_risk=True)
    nav.register(
        nav.NavItem(
            key="properties", label=_("门店"), url_name="properties:houses", right="properties.manage", order=920,
            icon="building", scope="group",
        )
    )  # fmt: skip
    audit.name_verbs(
        {
            "properties.group_opened": _("建立集团"),
            "properties.property_opened": _("建立门店"),
            "properties.property_updated": _("修改门店资料"),
            "properties.property_closed": _("登记停业"),
        }
    )
