from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    name = "kezhan.website"
    label = "website"
    verbose_name = _("网站")

    def ready(self) -> None:
        from . import hooks

        hooks.register()
