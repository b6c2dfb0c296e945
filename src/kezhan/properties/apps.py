from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PropertiesConfig(AppConfig):
    name = "kezhan.properties"
    label = "properties"
    verbose_name = _("门店")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
