"""Sends queued mail every two seconds and runs the periodic functions every minute. Beside the
mails, as a code that is awaited does not wait: imports, where a large one takes a minute, smaller
copies of pictures, and the sites that sheets give, which may take ten seconds not to answer."""

import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from initiatives.freshness import links
from initiatives.transfer import passes
from rallynov import picture_sizes
from rallynov.locks import take_lock
from rallynov.outbox import send_next
from rallynov.periodic import EVERY_MINUTE

PAUSE = 2
PERIOD = 60
HOUR = 3600
LAST_BATCH = 8  # seconds that an import under way has to stop
LONGEST_PAUSE = 60

logger = logging.getLogger("rallynov.worker")


def run_periodic(function):
    """Run one periodic function in its transaction, unless another worker is at it."""
    with transaction.atomic():
        if take_lock(function.__name__):
            function()


class Command(BaseCommand):
    help = "Envoie les courriels en attente et fait le ménage."
    # The web server may start first: nothing here waits for the checks of URLs and templates.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="un seul passage, puis finit")

    def handle(self, *, once, **options):
        # post_office writes four lines for each mail.
        logging.getLogger("post_office").setLevel(logging.CRITICAL)
        self.stopping = threading.Event()
        self.next_period = self.next_addresses = 0
        if once:
            self.pass_once()
            self.import_all()
            self.make_copies()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *args: self.stopping.set())
        logger.info("en marche")
        imports = self.beside(self.import_all)
        self.beside(self.make_copies)
        self.beside(self.look_at_links)
        self.until_stopped(self.pass_once)
        imports.join(LAST_BATCH)
        logger.info("arrêté")

    def beside(self, work):
        thread = threading.Thread(target=self.until_stopped, args=[work], daemon=True)
        thread.start()
        return thread

    def until_stopped(self, work):
        failures = 0
        while not self.stopping.is_set():
            try:
                close_old_connections()
                work()
            except (OperationalError, InterfaceError) as error:
                failures += 1
                logger.warning("base de données absente : %s", str(error).strip())
                connection.close()
            else:
                if failures:
                    logger.info("base de données de retour")
                failures = 0
            self.stopping.wait(min(PAUSE * 2**failures, LONGEST_PAUSE))

    def pass_once(self):
        # The periodic functions first: the mails that they queue leave in the same pass.
        if time.monotonic() >= self.next_period:
            for function in EVERY_MINUTE:
                self.attempt(run_periodic, function)
            self.next_period = time.monotonic() + PERIOD
        while not self.stopping.is_set() and self.attempt(send_next):
            pass

    def import_all(self):
        while not self.stopping.is_set() and self.attempt(passes.run_next, self.stopping.is_set):
            pass

    def make_copies(self):
        while not self.stopping.is_set() and self.attempt(picture_sizes.make_next):
            pass

    def look_at_links(self):
        if time.monotonic() >= self.next_addresses:
            self.attempt(links.note_addresses)
            self.next_addresses = time.monotonic() + HOUR
        while not self.stopping.is_set() and self.attempt(links.check_next):
            self.stopping.wait(PAUSE)

    def attempt(self, function, *arguments):
        """Call, and let one fault of ours stop neither the others nor the worker."""
        try:
            return function(*arguments)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("échec : %s %s", function.__name__, arguments)
            return False
