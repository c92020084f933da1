import pytest


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Templates name static files without a manifest: no collectstatic before unit tests."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
