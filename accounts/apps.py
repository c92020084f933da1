from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "comptes"

    def ready(self):
        # Every process knows what mails there are.
        from accounts import mail_texts  # noqa: F401
