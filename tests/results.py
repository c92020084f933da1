"""A whole edition, played up to its decisions: what tests of the embargo look for."""

import re

from django.urls import reverse

from accounts.roles import Role
from initiatives.models import Initiative
from rallynov import periodic
from tests.factories import (
    end_readings,
    make_condition,
    make_copy,
    make_eligible,
    make_initiative,
    make_news_item,
    make_organisation,
    make_partnership,
    make_photo,
    make_prize,
    make_reading_edition,
    make_report,
    make_theme,
    make_user,
)
from trophies import services
from trophies.models import Decision, Edition

SHEET, NEWS, CITATION = "Les semeuses de lune", "Les lauréats des trophées", "Parce qu’elles osent"
ANSWER = "Une réponse que personne n’a lue"


class World:
    """Two candidatures: one whose prize makes a sheet, one which has a sheet already."""

    def __init__(self):
        self.edition = make_reading_edition(year=2033)
        self.theme, self.condition = make_theme(name="Lunaisons"), make_condition()
        self.partner = make_organisation(name="Le Verger (exemple)")
        make_partnership(organisation=self.partner)
        self.known = make_initiative(title="Les veilleurs", slug="veilleurs", need="Avant.")
        self.files = [
            make_eligible(
                edition=self.edition,
                title=SHEET,
                themes=[self.theme],
                organisation_name="Le Verger (exemple)",
                need=ANSWER,
            ),
            make_eligible(edition=self.edition, initiative=self.known, need=ANSWER),
        ]
        end_readings(self.edition)

    def decide(self):
        """Everything that the jury and the team write before the instant, and the worker's pass."""
        prize = make_prize(edition=self.edition, quantity=2, name="Prix de la lune")
        for file in self.files:
            services.decide(file, outcome="laureate", prize=prize, citation=CITATION)
        read_letters(self.edition)
        self.sheet = Initiative.objects.get(title=SHEET)
        self.sheet.conditions.add(self.condition)
        self.news = services.announce(self.edition)
        self.pictures = [make_photo(self.sheet), make_photo(self.news)]
        self.copies = [make_copy(picture, 40) for picture in self.pictures]
        make_report(edition=self.edition)
        make_news_item(title="Une visite", initiative=self.sheet)
        work()

    def move(self, instant):
        """By the date of the edition alone."""
        Edition.objects.filter(pk=self.edition.pk).update(results_published_at=instant)

    def own_addresses(self):
        """What does not exist before the instant."""
        return [
            self.sheet.get_absolute_url(),
            self.news.get_absolute_url(),
            *(picture.get_absolute_url() for picture in self.pictures),
            *self.copies,
            reverse("trophies:laureates", args=[2033]),
            reverse("trophies:report", args=[2033]),
        ]

    def shared_addresses(self):
        """Pages that exist before, and tell more after."""
        return [
            reverse("home"),
            reverse("initiatives:list"),
            reverse("initiatives:map"),
            reverse("initiatives:feed"),
            reverse("news:list"),
            reverse("news:feed"),
            reverse("trophies:edition", args=[2033]),
            reverse("sitemap"),
            self.condition.get_absolute_url(),
            self.partner.get_absolute_url(),
            self.known.get_absolute_url(),
        ]

    def other_addresses(self):
        """Pages that have no part in the results."""
        names = ["conditions", "trophies:list", "events:list", "partners:list", "site-map"]
        return [
            *(reverse(name) for name in names),
            reverse("trophies:apply", args=[2033]),
        ]


def read_letters(edition):
    """The team has read every letter, and written what drafts lacked."""
    reader = make_user(roles=[Role.TEAM])
    for decision in Decision.objects.filter(candidature__edition=edition):
        read_letter(decision, by=reader)


def read_letter(decision, *, by):
    letter = re.sub(r"\[…[^]]*\]", "Le jury a hésité.", decision.letter)
    version = services.version_of_letter(decision)
    return services.write_letter(decision, letter=letter, version=version, read_by=by)


def work():
    """One pass of the worker's periodic functions."""
    for function in periodic.EVERY_MINUTE:
        function()


def pages(client, addresses):
    return {address: client.get(address).content.decode() for address in addresses}


def changed(before, after):
    return {address for address in before if before[address] != after[address]}


def means(edition):
    """The raw mean of each file, as somebody without a conflict sees it."""
    ranking = services.ranking(edition, by=make_user(roles=[Role.TEAM]))
    return {row.file: row.raw_mean for row in ranking.files}
