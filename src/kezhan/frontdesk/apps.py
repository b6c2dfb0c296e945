from django.apps import AppConfig


class FrontdeskConfig(AppConfig):
    name = "kezhan.frontdesk"
    label = "frontdesk"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
