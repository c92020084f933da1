from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "agenda"

    def ready(self):
        # Every process knows what mails there are.
        from events import mail_texts  # noqa: F401
