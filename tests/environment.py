"""Pytest plugin: the settings the tests run under, before Django reads them.

Tests run as a production site does (no example mode), on a real PostgreSQL: the one named by
DATABASE_URL, else the embedded one's test cluster, held for the length of the run.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack

from rallynov import embedded

held = ExitStack()
atexit.register(held.close)

if embedded.is_used():
    os.environ["RALLYNOV_CLUSTER"] = "test"
    held.enter_context(embedded.running())
    os.environ["DATABASE_URL"] = embedded.url()

# The browser tests hold an event loop open in their process, beside tests that use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

os.environ |= {
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "SITE_URL": "http://testserver",
    "DEFAULT_FROM_EMAIL": "Rally’nov <test@rallynov.example>",
    "CONTACT_EMAIL": "equipe@rallynov.example",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "SECURITY_CONTACT": "mailto:securite@rallynov.example",
    "CONN_MAX_AGE": "0",
    "MEDIA_ROOT": held.enter_context(tempfile.TemporaryDirectory(prefix="rallynov-media-")),
    "STATIC_ROOT": held.enter_context(tempfile.TemporaryDirectory(prefix="rallynov-static-")),
}
