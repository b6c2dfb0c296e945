from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotelConfig(AppConfig):
    name = "kezhan.hotel"
    label = "hotel"
    verbose_name = _("房型与房间")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
