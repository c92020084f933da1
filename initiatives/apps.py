from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "initiatives"

    def ready(self):
        # Every process knows what mails there are.
        from initiatives.contributing import mail_texts as contributing_texts  # noqa: F401
        from initiatives.freshness import mail_texts  # noqa: F401
