from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "kezhan.outbox"
    label = "outbox"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
