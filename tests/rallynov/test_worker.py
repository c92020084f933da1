"""The worker against a real PostgreSQL and a real SMTP server."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from accounts.models import MailSent, User
from rallynov import outbox, periodic
from rallynov.locks import take_lock
from tests.factories import ago, make_user


def queue(**changes):
    fields = {"to": "anne@rallynov.example", "subject": "Votre code", "text": "Code : 123456"}
    return outbox.queue(**fields | changes)


@pytest.mark.django_db
def test_queued_mails_leave_and_their_words_are_erased(inbox):
    first, second = queue(), queue(subject="{{ settings }}", text="{% now 'Y' %} reste tel quel")
    call_command("worker", once=True)
    assert len(inbox.messages) == 2
    assert "{% now 'Y' %} reste tel quel" in inbox.messages[1]
    assert first.message_id in inbox.messages[0]
    for mail in (first, second):
        mail.refresh_from_db()
        assert (mail.status, mail.message, mail.html_message) == (STATUS.sent, "", "")


@pytest.mark.django_db
def test_urgent_mail_leaves_first(inbox):
    queue(subject="Lettre")
    queue(subject="Code", is_urgent=True)
    call_command("worker", once=True)
    assert ["Subject: Code" in message for message in inbox.messages] == [True, False]


@pytest.mark.django_db
def test_refused_mail_waits_longer_each_time_then_stays_failed(inbox):
    inbox.refuses = True
    mail = queue()
    for tries, delay in enumerate(outbox.DELAYS, start=1):
        call_command("worker", once=True)
        mail.refresh_from_db()
        assert (mail.status, mail.number_of_retries) == (STATUS.requeued, tries)
        wait = mail.scheduled_time - timezone.now()
        assert delay - timedelta(seconds=30) < wait <= delay
        call_command("worker", once=True)
        assert Log.objects.filter(email=mail).count() == tries
        Email.objects.update(scheduled_time=ago(seconds=1))
    call_command("worker", once=True)
    mail.refresh_from_db()
    assert mail.status == STATUS.failed
    call_command("worker", once=True)
    assert Log.objects.filter(email=mail).count() == len(outbox.DELAYS) + 1


@pytest.mark.django_db
def test_mail_of_undone_transaction_never_leaves(inbox):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    call_command("worker", once=True)
    assert inbox.messages == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_send_the_same_mail(inbox):
    mail = queue()
    held, release = threading.Event(), threading.Event()

    def other_worker():
        with transaction.atomic():
            assert take_lock("outbox")
            held.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=other_worker)
    thread.start()
    assert held.wait(10)
    try:
        assert outbox.send_next() is False
    finally:
        release.set()
        thread.join()
    assert outbox.send_next() is True
    mail.refresh_from_db()
    assert mail.status == STATUS.sent


@pytest.mark.django_db
def test_expired_code_is_given_up_and_erased():
    mail = queue(expires_in=timedelta(minutes=15))
    Email.objects.update(expires_at=ago(seconds=1))
    periodic.give_up_expired_mails()
    mail.refresh_from_db()
    assert (mail.status, mail.message) == (STATUS.failed, "")


@pytest.mark.django_db
def test_old_mails_are_forgotten_and_recent_ones_kept():
    old, recent, waiting = queue(), queue(), queue()
    Email.objects.filter(pk__in=[old.pk, recent.pk]).update(status=STATUS.sent)
    Email.objects.filter(pk__in=[old.pk, waiting.pk]).update(last_updated=ago(days=91))
    periodic.forget_old_mails()
    assert set(Email.objects.values_list("pk", flat=True)) == {recent.pk, waiting.pk}


@pytest.mark.django_db
def test_who_was_told_of_what_is_forgotten_as_long_after_as_mails_are():
    for event in ("old", "recent"):
        assert MailSent.objects.claim(address="anne@rallynov.example", event=event)
    MailSent.objects.filter(event="old").update(at=ago(days=91))
    periodic.forget_old_events()
    assert MailSent.objects.get().event == "recent"


@pytest.mark.django_db
def test_only_accounts_never_used_are_forgotten():
    unused = make_user(joined_at=ago(days=8))
    kept = [
        make_user(),
        make_user(joined_at=ago(days=8), last_login=ago(days=8)),
        make_user(joined_at=ago(days=8), name="Anne Exemple"),
        make_user(joined_at=ago(days=8), roles=["jury"]),
    ]
    periodic.forget_unused_accounts()
    assert set(User.objects.all()) == set(kept)
    assert unused not in kept


def start_worker(port=None):
    """A worker of its own process, on the database of the test, or on what stands at `port`."""
    database = connection.settings_dict
    person = f"{database['USER']}:{database['PASSWORD']}"
    place = database["HOST"] + (f":{database['PORT']}" if database["PORT"] else "")
    if port:
        place = f"127.0.0.1:{port}"
    elif place.startswith("/"):
        place = f"/{database['HOST']}"
    url = f"postgresql://{person}@{place}/{database['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-m", "django", "worker"],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rallynov.settings"},
        stderr=subprocess.PIPE,
        text=True,
    )


def line_with(process, text, seconds=20):
    """Read what the worker says up to `text`; kill it when it stays silent."""
    silence = threading.Timer(seconds, process.kill)
    silence.start()
    try:
        for line in process.stderr:
            if text in line:
                return
    finally:
        silence.cancel()
    raise AssertionError(f"« {text} » was not said")


def stop_and_wait(process, number=signal.SIGTERM):
    process.send_signal(number)
    started = time.monotonic()
    process.wait(10)
    process.stderr.close()
    return time.monotonic() - started


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_the_worker_at_once(number):
    process = start_worker()
    line_with(process, "en marche")
    assert stop_and_wait(process, number) < 1.5
    assert process.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_worker_survives_a_database_that_goes_away():
    with Relay() as relay:
        process = start_worker(relay.port)
        try:
            line_with(process, "en marche")
            relay.cut()
            line_with(process, "base de données absente")
            relay.mend()
            line_with(process, "base de données de retour")
        finally:
            stop_and_wait(process)
    assert process.returncode == 0


class Relay:
    """A wire to the test's PostgreSQL, which can be cut and mended."""

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.mend()
        return self

    def __exit__(self, *error):
        self.cut()

    def mend(self):
        self.ends = []
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self):
        for end in [self.server, *self.ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def accept(self):
        with suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = reach_postgresql()
                self.ends += [near, far]
                for source, target in [(near, far), (far, near)]:
                    threading.Thread(target=copy, args=(source, target), daemon=True).start()


def reach_postgresql():
    database = connection.settings_dict
    if database["HOST"].startswith("/"):
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{database['HOST']}/.s.PGSQL.{database['PORT'] or 5432}")
        return far
    return socket.create_connection((database["HOST"] or "127.0.0.1", database["PORT"] or 5432))


def copy(source, target):
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
