from django.apps import AppConfig


class TrophiesConfig(AppConfig):
    name = "trophies"
    verbose_name = "trophées"

    def ready(self):
        # Every process knows what mails there are.
        from trophies import mail_texts  # noqa: F401
