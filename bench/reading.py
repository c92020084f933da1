"""The jurors' pages over HTTP: their list and their reading screen, by the files of the database.

Run: RALLYNOV_VAR=<a folder of its own> PORT=8199 python bench/reading.py [files …]

Starts the site in example mode, as `manage.py start` runs it (granian), on 127.0.0.1; then, for
each number of files (14, 200 and 10 000 by default), fills an edition in front of its jury with
them: three readings a file among twenty jurors, one juror with 14 readings and one with 200, half
of them signed. Prints requests a second and milliseconds (median, 99th percentile) of both pages,
asked by 4 clients at once, and how long a booklet takes. Ends by itself.
"""

import http.client
import os
import random
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

SIZES = [int(size) for size in sys.argv[1:]] or [14, 200, 10_000]
SECONDS = 8
CLIENTS = 4
YEAR = 2098
JURORS = 20
READINGS_PER_FILE = 3
LIST = "/admin/trophies/assignment/"
chance = random.Random(2014)


# What the database holds ------------------------------------------------------------------------


def make_edition():
    from django.utils import timezone

    from trophies.models import Edition
    from trophies.services.grid import propose_grid

    now = timezone.now()
    dates = {
        "opens_at": now - timedelta(days=60),
        "closes_at": now - timedelta(days=30),
        "jury_opens_at": now - timedelta(days=1),
        "jury_closes_at": now + timedelta(days=1),
        "published_at": now - timedelta(days=60),
        "is_example": True,
    }
    edition, _ = Edition.objects.update_or_create(year=YEAR, defaults=dates)
    propose_grid(edition)
    return edition


def add_files(edition, count):
    """As many files as there are not yet, deposited and eligible."""
    from accounts.models import User
    from places.models import Commune
    from trophies.models import Candidature, Deposit

    by, _ = User.objects.get_or_create(email="bench@rallynov.example")
    communes = list(Commune.objects.all()[:500])
    start = edition.candidatures.count()
    files = [
        Candidature(
            edition=edition,
            title=f"Projet inventé {number}",
            status="eligible",
            reference=f"B{YEAR}-{number}",
            submitted_at=edition.closes_at,
            screened_at=edition.closes_at,
        )
        for number in range(start, count)
    ]
    Candidature.objects.bulk_create(files, batch_size=500)
    deposits = [
        Deposit(
            candidature=file,
            number=1,
            payload=payload(file.title, chance.choice(communes)),
            by=by,
            received_at=edition.closes_at,
            sha256="0" * 64,
        )
        for file in files
    ]
    Deposit.objects.bulk_create(deposits, batch_size=500)
    return files


def payload(title, commune):
    from trophies.questions import QUESTIONS

    words = "Dans les vallées du nord, aider un proche veut dire ne plus sortir de chez soi. "
    return {
        "title": title,
        "summary": words * 2,
        "organisation": {"name": f"Structure de {title}", "kind": "", "kind_name": ""},
        "commune": {
            "code": commune.code,
            "name": commune.name,
            "department": commune.department_id,
        },
        "themes": [{"slug": "sante", "name": "Santé, autonomie"}],
        "started_year": 2021,
        "answers": {question.name: words * 12 for question in QUESTIONS},
        "may_publish": True,
        "files": [],
    }


def make_member(edition, name):
    from django.utils import timezone

    from accounts.models import User
    from trophies.models import JuryMember

    user, _ = User.objects.get_or_create(
        email=f"bench-{name}@rallynov.example", defaults={"password": "!", "roles": ["jury"]}
    )
    declared = {"declared_at": timezone.now() + timedelta(days=100)}
    return JuryMember.objects.get_or_create(edition=edition, user=user, defaults=declared)[0]


def give(member, files):
    from trophies.models import Assignment

    rows = [
        Assignment(jury_member=member, candidature=file, position=chance.randrange(2**30))
        for file in files
    ]
    Assignment.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def sign_half(member):
    from django.utils import timezone

    from trophies.models import Evaluation, Score

    criteria = list(member.edition.criteria.all())
    readings = member.assignments.filter(evaluation=None).order_by("position", "pk")
    for reading in readings[: readings.count() // 2]:
        evaluation = Evaluation.objects.create(assignment=reading, signed_at=timezone.now())
        Score.objects.bulk_create(
            Score(evaluation=evaluation, criterion=criterion, level=chance.randrange(5))
            for criterion in criteria
        )


def fill(edition, count):
    """The files, who reads them, and the two jurors that are asked for."""
    new = add_files(edition, count)
    others = [make_member(edition, f"juror-{number}") for number in range(JURORS)]
    shares = {member.pk: [] for member in others}
    for file in new:
        for member in chance.sample(others, READINGS_PER_FILE):
            shares[member.pk].append(file)
    for member in others:
        give(member, shares[member.pk])
    asked = []
    for readings in (14, 200):
        member = make_member(edition, f"asked-{readings}")
        left = readings - member.assignments.count()
        if left > 0 and count >= readings:
            give(member, list(edition.candidatures.order_by("?")[:left]))
            sign_half(member)
        if count >= readings:
            asked.append((readings, member))
    return asked


def session_of(user):
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.RoleBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


# What is measured -------------------------------------------------------------------------------


def ask(addresses, cookie, times, deadline):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Cookie": f"sessionid={cookie}"}
    while time.monotonic() < deadline:
        start = time.perf_counter()
        connection.request("GET", chance.choice(addresses), headers=headers)
        response = connection.getresponse()
        body = response.read()
        times.append(1000 * (time.perf_counter() - start))
        assert response.status == 200, (response.status, body[:200])


def told(name, addresses, cookie):
    ask(addresses, cookie, [], time.monotonic() + 1)
    times, deadline = [], time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=ask, args=(addresses, cookie, times, deadline))
        for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    middle, high = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"| {name} | {len(times) / SECONDS:.0f} | {middle:.0f} | {high:.0f} |", flush=True)


def measure(count, readings, member):
    from django.db import connection

    cookie = session_of(member.user)
    screens = [f"{LIST}{uuid}/" for uuid in member.assignments.values_list("uuid", flat=True)]
    connection.close()
    name = f"{count} files, {readings} readings"
    told(f"{name}: list", [LIST], cookie)
    told(f"{name}: screen", screens, cookie)
    times = []
    ask([f"{LIST}livret/{YEAR}/"], cookie, times, time.monotonic())
    start = time.perf_counter()
    ask([f"{LIST}livret/{YEAR}/"], cookie, times, time.monotonic() + 0.01)
    print(f"| {name}: booklet, seconds | | {time.perf_counter() - start:.1f} | |", flush=True)


def run():
    import django

    django.setup()
    from django.db import connection

    edition = make_edition()
    print("| what | requests/s | median ms | p99 |\n|---|---|---|---|")
    for count in SIZES:
        asked = fill(edition, count)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        for readings, member in asked:
            measure(count, readings, member)


if __name__ == "__main__":
    import rush

    PORT = rush.PORT
    site = rush.start_site()
    try:
        run()
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait(60)
