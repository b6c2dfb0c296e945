from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HousekeepingConfig(AppConfig):
    name = "kezhan.housekeeping"
    label = "housekeeping"
    verbose_name = _("客房")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
