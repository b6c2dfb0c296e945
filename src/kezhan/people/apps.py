from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kezhan.people"
    label = "people"
    verbose_name = _("员工与权限")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
