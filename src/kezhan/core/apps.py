from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kezhan.core"
    label = "core"
