from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class RallynovConfig(AppConfig):
    name = "rallynov"
    default = True


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "rallynov.admin.RallynovAdminSite"
