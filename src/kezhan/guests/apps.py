from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuestsConfig(AppConfig):
    name = "kezhan.guests"
    label = "guests"
    verbose_name = _("宾客")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
