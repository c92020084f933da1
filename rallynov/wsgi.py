import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

application = get_wsgi_application()

from audience import buffer  # noqa: E402 - the apps are ready from here on

buffer.start()
