from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "kezhan.website"
    label = "website"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
