from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontdeskConfig(AppConfig):
    name = "kezhan.frontdesk"
    label = "frontdesk"
    verbose_name = _("前台")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
