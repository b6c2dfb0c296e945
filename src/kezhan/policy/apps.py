from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "kezhan.policy"
    label = "policy"
    verbose_name = _("参数")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
