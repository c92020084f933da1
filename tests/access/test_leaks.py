"""What nobody may learn: two visits of a whole site, between which a secret changed, are the same.

Each test first makes what could leak, and checks that somebody who may know sees the difference.
"""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.access.crawl import crawl, differences
from tests.factories import (
    ago,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_organisation,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.models import Candidature, ConflictOfInterest, Evaluation, Score
from trophies.questions import QUESTIONS

HIDDEN = "Le moulin des secrets"
SAID = "Je trouve cela très fort"
MODELS = ["candidature", "laureate", "conflictofinterest", "edition", "prize"]


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


class World:
    """An edition whose jury reads: three files, of which one is tied to three people."""

    def __init__(self):
        self.edition = make_reading_edition()
        self.prize = make_prize(edition=self.edition, quantity=2)
        for weight in (60, 40):
            make_criterion(edition=self.edition, weight=weight, allows_not_applicable=True)
        self.people = {
            "holder": make_user(),
            "editor": make_user(roles=[Role.EDITOR]),
            "team": make_user(roles=[Role.TEAM]),
            "superuser": make_user(is_superuser=True),
            "juror": make_user(roles=[Role.JURY]),
            "president": make_user(roles=[Role.JURY]),
            "tied juror": make_user(roles=[Role.JURY]),
            "tied team": make_user(roles=[Role.TEAM]),
            "tied superuser": make_user(is_superuser=True),
        }
        self.files = [make_eligible(edition=self.edition) for _ in range(2)]
        self.hidden = make_eligible(
            edition=self.edition, holder=self.people["holder"], title=HIDDEN
        )
        for name in ["tied juror", "tied team", "tied superuser"]:
            ConflictOfInterest.objects.create(
                user=self.people[name], candidature=self.hidden, reason="Un ami."
            )
        self.seats = {
            name: make_jury_member(edition=self.edition, user=self.people[name], role=role)
            for name, role in [
                ("juror", "member"), ("president", "president"), ("tied juror", "member"),
            ]
        }  # fmt: skip
        self.other = make_jury_member(edition=self.edition, organisation=make_organisation())
        for seat in [*self.seats.values(), self.other]:
            for reading in seat.assignments.all():
                make_evaluation(reading, [3, 2], comment_for_jury=SAID, comment_for_candidate=SAID)

    def starts(self):
        """Where the visits begin: what the pages lead to, and what one may type by hand."""
        files = [*self.files, self.hidden]
        readings = [row for seat in self.seats.values() for row in seat.assignments.all()]
        readings += self.other.assignments.all()
        pick = "/admin/autocomplete/?app_label=trophies&model_name={}&field_name={}&term={}"
        lists = [f"/admin/trophies/{model}/" for model in MODELS]
        jury = reverse("admin:trophies_edition_jury", args=[self.edition.pk])
        return [
            "/admin/",
            "/mes-candidatures/",
            jury,
            *lists,
            *(f"{address}?{query}" for address in lists for query in ("q=moulin", "o=-1", "o=3")),
            "/admin/post_office/email/",
            "/admin/post_office/email/?q=moulin",
            "/admin/initiatives/initiative/?q=moulin",
            "/admin/news/newsitem/",
            "/admin/partners/organisation/?q=exemple",
            reverse("admin:trophies_readings"),
            reverse("admin:trophies_booklet", args=[self.edition.year]),
            pick.format("conflictofinterest", "candidature", "moulin"),
            pick.format("laureate", "initiative", "moulin"),
            *(row.get_absolute_url() for row in readings),
            *(f"{jury}{file.pk}/" for file in files),
            *(f"/admin/trophies/candidature/{file.pk}/change/" for file in files),
            *(f"/admin/trophies/candidature/{file.pk}/history/" for file in files),
            *(f"/mes-candidatures/{file.uuid}/" for file in files),
        ]

    def visits(self, names):
        return {name: crawl(self.people[name], self.starts()) for name in names}

    def change_scores(self, file=None):
        """The other juror thinks again of all files, or of one: every level, every word."""
        others = Evaluation.objects.filter(assignment__jury_member=self.other)
        if file:
            others = others.filter(assignment__candidature=file)
        Score.objects.filter(evaluation__in=others).update(level=0)
        others.update(comment_for_jury="Autre.", comment_for_candidate="Autre.", confidence=1)

    def take_back(self, file=None):
        """The other juror has signed nothing, of all files or of one, and begun nothing of one."""
        others = Evaluation.objects.filter(assignment__jury_member=self.other)
        if file:
            others = others.filter(assignment__candidature=file)
        others.update(signed_at=None)
        first = others.order_by("pk").first()
        first.scores.all().delete()
        first.delete()


@pytest.fixture
def world(db):
    return World()


def told(world, names, change):
    """What each person can tell from a change, by name."""
    world.visits(["superuser"])  # what a process keeps is kept from now on
    before = world.visits(names)
    change()
    after = world.visits(names)
    found = {name: differences(before[name], after[name]) for name in names}
    return {name: rows for name, rows in found.items() if rows}


EVERYBODY = ["holder", "editor", "juror", "president", "team", "superuser", "tied team"]
NOT_STAFF = ["holder", "editor", "juror", "president", "tied juror"]
TIED = ["tied juror", "tied team", "tied superuser"]


def test_scores_tell_nobody_anything_while_the_jury_reads(world):
    assert told(world, EVERYBODY, world.change_scores) == {}


def test_signatures_tell_other_jurors_nothing(world):
    assert told(world, NOT_STAFF, world.take_back) == {}


def test_scores_tell_other_jurors_nothing_once_the_readings_are_closed(world):
    end_readings(world.edition)
    found = told(world, [*NOT_STAFF, "team"], world.change_scores)
    assert set(found) == {"team"}


def test_hidden_file_tells_nothing_while_the_jury_reads(world):
    def change():
        world.change_scores(world.hidden)
        world.take_back(world.hidden)
        retitle(world.hidden)

    assert set(told(world, [*TIED, "team"], change)) == {"team"}


def test_hidden_file_that_leaves_tells_nothing(world):
    def change():
        holder = world.people["holder"]
        services.change_status(world.hidden, "withdraw", by=holder)

    assert set(told(world, [*TIED, "team"], change)) == {"team"}


def test_decision_on_a_hidden_file_tells_nothing(world):
    end_readings(world.edition)

    def change():
        services.decide(world.hidden, outcome="laureate", prize=world.prize, citation="Bravo.")
        services.announce(world.edition)

    found = told(world, [*TIED, "editor", "juror", "president", "team"], change)
    assert set(found) == {"team"}


def retitle(file):
    """A deposit more, of another text: what staff and jury read."""
    file = Candidature.objects.get(pk=file.pk)
    file.title = f"{HIDDEN}, deuxième essai"
    for question in QUESTIONS:
        setattr(file, question.name, "Tout autre chose.")
    file.save()
    last = file.last_deposit
    file.deposits.create(
        number=last.number + 1,
        payload=file.payload(),
        regulation=last.regulation,
        by=last.by,
        received_at=ago(minutes=1),
    )
