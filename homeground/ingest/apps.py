from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "homeground.ingest"
    verbose_name = "数据接入"
