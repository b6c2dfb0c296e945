from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "kezhan.outbox"
    label = "outbox"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
