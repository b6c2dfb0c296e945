from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "kezhan.billing"
    label = "billing"
    verbose_name = _("账务")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
