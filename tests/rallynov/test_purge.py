"""An edition two years old: nobody is named any more, in any table, file or history; and the seals
of its minutes still hold.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from pghistory.models import Context

from accounts.models import User
from events.models import Event, Registration
from initiatives.models import Condition, Initiative
from news.models import NewsItem, Page
from partners.models import Organisation
from rallynov import search
from rallynov.privacy.nobody import is_nobody
from tests.rallynov.kept_too_long import (
    DOMAIN,
    PUBLIC,
    SECRET,
    STREET,
    laureates,
    make_kept,
    public,
    recent,
)
from tests.rallynov.whole_database import digest, files, move_dates, where
from tests.trophies.test_whole_edition import verdict
from trophies.models import Attachment, Candidature, Evaluation, Minutes, Score

pytestmark = pytest.mark.django_db

TWO_YEARS = 770  # days: 25 months
PARTS = 20  # of the words of the search


def purged(*arguments):
    output = StringIO()
    call_command("purge_personal_data", *arguments, stdout=output)
    return output.getvalue()


def test_old_edition_names_nobody_and_its_seals_hold(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        kept = make_kept(client)
    move_dates(TWO_YEARS)
    assert verdict(kept.edition) == (True, "")
    with django_capture_on_commit_callbacks(execute=True):
        recent()
    scores = Score.objects.count()
    assert {name for name, _ in where(SECRET, DOMAIN)} > {"trophies_deposit", "accounts_user"}
    before, left = digest(), len(files())
    trial = purged("--dry-run")
    assert digest() == before
    assert len(files()) == left
    with django_capture_on_commit_callbacks(execute=True):
        done = purged()
        forget_words()
    assert trial == f"{done}C’était un essai\u202f: rien n’a changé.\n"
    assert where(SECRET, STREET, DOMAIN, "Odile") == set()
    keep_what_is_public(kept)
    keep_figures(kept, scores)
    assert where("qzrecentqz") != set()
    assert verdict(kept.edition) == (True, "")
    with django_capture_on_commit_callbacks(execute=True):
        assert purged() == "Rien n’est gardé depuis trop longtemps.\n"


def forget_words():
    """As the worker does, in the course of a day."""
    models = [Initiative, Condition, Organisation, Event, NewsItem, Page]
    for part in range(PARTS):
        rows = [model.objects.all() for model in models]
        search.forget_lost_words(rows, part=part, parts=PARTS)


def keep_what_is_public(kept):
    """Of laureates, in their sheets and in the name of their project; of nobody else."""
    won = {file.pk for file in laureates(kept)}
    numbers = {number for number, file in enumerate(kept.drafts) if file.pk in won}
    assert len(numbers) == 3
    for number in range(len(kept.drafts)):
        places = where(public(number))
        assert bool(places) == (number in numbers), (number, places)
    for file in Candidature.objects.filter(pk__in=won):
        assert PUBLIC in file.title
        assert file.holders.count() == 0
        assert file.last_deposit.title == file.title


def keep_figures(kept, scores):
    """Who read is nobody, and each reader is still one."""
    assert Score.objects.count() == scores
    seats = kept.edition.jury_members.select_related("user")
    assert {seat.user.name for seat in seats} == {"Personne effacée"}
    assert len({seat.user_id for seat in seats}) == len(seats)
    assert Evaluation.objects.exclude(comment_for_jury="").count() == 0
    assert not Context.objects.exclude(metadata={}).exists()
    assert not Minutes.objects.get(session__edition=kept.edition).seats.exclude(name="").exists()
    assert Registration.objects.filter(came_at__isnull=False).count() == 1
    assert Attachment.objects.get().name == "qzrecentqz.pdf"
    assert kept.team in User.objects.exclude(**is_nobody())
