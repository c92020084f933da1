"""The last evening: many holders write at once, then all deposit in the last minute.

Run: RALLYNOV_VAR=<a folder of its own> PORT=8199 python bench/rush.py [holders] [seconds]

Starts the site in example mode (web server and worker) on 127.0.0.1, gives each holder a draft in
an edition that is about to close, and lets each save a step every 5 s, over HTTP, for `seconds`;
then each deposits within a minute. Before that, one holder alone: what an autosave takes by itself.
Prints the times of both, and counts every error, lost text and missing receipt. Ends by itself.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

HOLDERS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
PORT = int(os.environ.setdefault("PORT", "8199"))
PERIOD = 5  # seconds between two saves of a holder
LAST_MINUTE = 60
YEAR = 2099
TOKEN = "a" * 32
chance = random.Random(2014)


def start_site():
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/sante/pret/")
            if connection.getresponse().status == 200:
                return process
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the site does not start")


class Holder:
    """One person and one draft; a connection for each request, as after five idle seconds."""

    def __init__(self, number, cookie, uuid):
        self.number, self.uuid, self.version = number, uuid, 0
        self.headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        self.saves, self.deposits, self.errors, self.text = [], [], [], ""

    def post(self, path, data, times):
        body = urlencode(data | {"csrfmiddlewaretoken": TOKEN})
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.request("POST", f"/mes-candidatures/{self.uuid}/{path}", body, self.headers)
            response = connection.getresponse()
            content = response.read()
        except OSError as error:
            self.errors.append(repr(error))
            return None, b""
        finally:
            connection.close()
        times.append(1000 * (time.perf_counter() - start))
        if response.status not in (200, 302):
            self.errors.append(f"{path}: {response.status}")
        return response, content

    def save(self):
        self.text = f"Texte {len(self.saves)} du porteur {self.number}. " + "mot " * 400
        data = {"need": self.text, "response": "Une réponse. " * 60}
        data |= {"version": self.version, "tab": f"onglet-{self.number}"}
        response, content = self.post("etapes/besoin/", data, self.saves)
        if response and response.status == 200:
            self.version = json.loads(content)["version"]

    def play(self, seconds):
        end = time.monotonic() + seconds
        time.sleep(chance.uniform(0, PERIOD))
        while time.monotonic() < end:
            start = time.monotonic()
            self.save()
            time.sleep(max(0, PERIOD - (time.monotonic() - start)))
        time.sleep(chance.uniform(0, LAST_MINUTE - 2))
        self.save()
        self.post("deposer/", {}, self.deposits)


def prepare():
    """The edition, and `HOLDERS` people signed in, each with a draft that lacks one answer."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from initiatives.models import Theme
    from places.models import Commune
    from trophies.models import Candidature, Edition
    from trophies.questions import QUESTIONS

    now = timezone.now()
    edition, _ = Edition.objects.update_or_create(
        year=YEAR,
        defaults={
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(seconds=SECONDS + LAST_MINUTE + 60),
            "published_at": now - timedelta(days=1),
            "is_example": True,
        },
    )
    theme, commune = Theme.objects.first(), Commune.objects.get(code="25056")
    answers = {question.name: "Une réponse. " * 40 for question in QUESTIONS}
    holders = []
    run = int(time.time())
    for number in range(HOLDERS + 1):
        user = User.objects.create(email=f"rush-{run}-{number}@rallynov.example", password="!")
        candidature = Candidature.objects.create(
            edition=edition,
            title=f"Projet {number}",
            summary="Une phrase.",
            organisation_name=f"Structure {number}",
            commune=commune,
            **answers,
        )
        candidature.holders.add(user)
        candidature.themes.add(theme)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.RoleBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        holders.append(Holder(number, session.session_key, candidature.uuid))
    return edition, holders


def told(name, times):
    times = sorted(times)
    middle, high = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"| {name} | {len(times)} | {middle:.0f} | {high:.0f} | {times[-1]:.0f} |")


def lost(holders):
    """What was confirmed and is not in the database."""
    from trophies.models import Candidature, Deposit

    found = []
    for holder in holders:
        row = Candidature.objects.get(uuid=holder.uuid)
        if row.need != holder.text.strip():
            found.append(f"{holder.number}: text")
        deposit = Deposit.objects.filter(candidature=row).order_by("-number").first()
        if deposit is None or deposit.payload["answers"]["need"] != holder.text.strip():
            found.append(f"{holder.number}: deposit")
    return found


def references(edition):
    rows = edition.candidatures.exclude(reference="").order_by("reference")
    return [int(reference[5:]) for reference in rows.values_list("reference", flat=True)]


def run():
    import django

    django.setup()
    edition, (alone, *holders) = prepare()
    for _ in range(200):
        alone.save()
    print("| what | requests | median ms | p99 ms | longest |\n|---|---|---|---|---|")
    told("autosave, one holder alone", alone.saves)
    threads = [threading.Thread(target=holder.play, args=[SECONDS]) for holder in holders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told(f"autosave, {HOLDERS} holders every {PERIOD} s", [t for h in holders for t in h.saves])
    told(f"deposit, {HOLDERS} holders in a minute", [t for h in holders for t in h.deposits])
    numbers = references(edition)
    print(f"errors: {[error for holder in holders for error in holder.errors]}")
    print(f"lost: {lost(holders)}")
    print(
        f"references without a gap: {numbers == list(range(numbers[0], numbers[0] + len(numbers)))}"
    )


if __name__ == "__main__":
    site = start_site()
    try:
        run()
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait(60)
