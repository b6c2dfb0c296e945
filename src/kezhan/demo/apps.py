from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "kezhan.demo"
    label = "demo"
