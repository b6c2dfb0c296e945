from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReservationsConfig(AppConfig):
    name = "kezhan.reservations"
    label = "reservations"
    verbose_name = _("预订")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
