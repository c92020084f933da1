#!/usr/bin/env python3
"""Django's manage.py. Where no database is named, a command holds the embedded one meanwhile."""

import os
import signal
import sys
from contextlib import nullcontext

from rallynov import embedded

# `start` takes the database itself, once it knows that its port is free.
WITHOUT_DATABASE = {"start", "check", "collectstatic", "help", "--help", "--version"}


def leave(number, frame):
    """A plain SIGTERM would end Python at once, and leave the embedded database running."""
    sys.exit(128 + number)


def main(arguments):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django n’est pas installé dans ce Python. Lancez d’abord « make run ».")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)
    needs_database = len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE
    try:
        with embedded.running() if needs_database and embedded.is_used() else nullcontext():
            execute_from_command_line(arguments)
    except (embedded.EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv)
