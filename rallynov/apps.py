from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class RallynovConfig(AppConfig):
    name = "rallynov"
    default = True

    def ready(self):
        # Every process knows what mails there are.
        from rallynov import mail_texts  # noqa: F401


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "rallynov.admin.RallynovAdminSite"
