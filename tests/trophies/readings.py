"""An edition from its call to the end of its readings, played through the services."""

import random

import pytest
from post_office.models import Email

from accounts.roles import Role
from initiatives.models import Support
from partners.models import Membership
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_criterion,
    make_edition,
    make_evaluation,
    make_initiative,
    make_laureate,
    make_organisation,
    make_prize,
    make_regulation,
    make_user,
)
from trophies import services
from trophies.models import (
    Assignment,
    ConflictOfInterest,
    Edition,
    Evaluation,
    JuryMember,
)
from trophies.services.declarations import (
    Declaration,
    listed_organisations,
    sign_declaration,
)
from trophies.ties import SIGNS, WEAK
from trophies.workflow import NotAllowed

FILES, JURORS, READINGS, SHORTLIST = 40, 8, 4, 10
YEAR = 2041
COMMENT = "Continuez, et racontez-le."


class Readings:
    """The people and the files of an edition until its jury has read them, twice."""

    def __init__(self):
        self.chance = random.Random(2041)
        self.edition = make_edition(year=YEAR, readings_per_file=READINGS)
        make_regulation(edition=self.edition)
        self.team = make_user(roles=[Role.TEAM], name="Dominique Équipe")
        self.funder = make_organisation(name="La Banque des Prés (exemple)")
        self.prizes = [
            make_prize(edition=self.edition, name="Grand prix", quantity=2, position=1),
            make_prize(edition=self.edition, name="Prix du lien", quantity=1, position=2),
            make_prize(edition=self.edition, name="Prix de l’eau", quantity=1, position=3),
        ]
        for weight, may_be_empty in ((40, False), (30, False), (30, True)):
            make_criterion(edition=self.edition, weight=weight, allows_not_applicable=may_be_empty)

    def move(self, **dates):
        """By the dates of the edition: the clock stays."""
        Edition.objects.filter(pk=self.edition.pk).update(**dates)
        self.edition.refresh_from_db()

    @property
    def seats(self):
        return list(self.edition.jury_members.select_related("user").order_by("pk"))

    def files(self):
        return list(self.edition.candidatures.eligible().order_by("pk"))

    # The call -----------------------------------------------------------------------------------

    def deposit(self):
        self.drafts = [
            make_candidature(
                edition=self.edition,
                title=f"Le projet {number}",
                organisation_name=f"Structure {YEAR}-{number} (exemple)",
                holder=make_user(
                    name=f"Porteur Numéro{number}", email=f"p{number}@p{number}.example"
                ),
            )
            for number in range(FILES)
        ]
        for draft in self.drafts:
            services.deposit(candidature=draft, by=draft.holders.get(), received_at=ago(minutes=1))

    def screen(self):
        """Two files of the forty never reach the jury."""
        self.move(closes_at=ago(seconds=30))
        refused, withdrawn, *accepted = self.edition.candidatures.order_by("pk")
        services.change_status(refused, "refuse", by=self.team, reason="Hors du territoire.")
        services.change_status(withdrawn, "withdraw", by=withdrawn.holders.get())
        for file in accepted:
            services.change_status(file, "accept", by=self.team)
        assert len(self.files()) == FILES - 2

    # The jury -----------------------------------------------------------------------------------

    def seat(self):
        roles = [JuryMember.Role.PRESIDENT, JuryMember.Role.DEPUTY]
        roles += [JuryMember.Role.MEMBER] * (JURORS - 2)
        for number, role in enumerate(roles):
            services.invite_juror(
                self.edition, email=f"jure{number}@jury{number}.example",
                name=f"Juré Numéro{number}s", role=role, organisation=None, ceiling=None,
                themes=[], by=self.team,
            )  # fmt: skip
        assert mails_to("jure0@jury0.example") == 1

    def tie(self):
        """One tie of each kind, each between another juror and another file."""
        tied = dict(zip(SIGNS, zip(self.seats, self.files(), strict=False), strict=True))
        for sign, (seat, file) in tied.items():
            MAKE_TIE[sign](self, seat.user, file)
        services.detect(self.edition)
        for sign, (seat, file) in tied.items():
            row = ConflictOfInterest.objects.get(user=seat.user, candidature=file)
            assert sign in row.signs
        self.tied = {sign: (seat.user, file) for sign, (seat, file) in tied.items()}

    def declare(self):
        """Everyone signs the list; two say of a tie that no data show, and the team notes one."""
        for seat in self.seats:
            listed = listed_organisations(seat)
            own = [key for key, name in listed.items() if name == self.secret_of(seat)]
            sign_declaration(
                seat, Declaration(shown=frozenset(listed), ties=dict.fromkeys(own, "Ma sœur."))
            )
        noted = self.files()[20]
        services.declare(
            user=self.seats[2].user, candidatures=[noted], reason="Vu ensemble au salon.",
            origin=ConflictOfInterest.Origin.TEAM,
        )  # fmt: skip
        assert set(origins(self.edition)) == {"detected", "declared", "team"}

    def secret_of(self, seat):
        """The structure that two of the jurors have to do with, as it was deposited."""
        secrets = {self.seats[0].pk: self.files()[30], self.seats[1].pk: self.files()[31]}
        file = secrets.get(seat.pk)
        return file and file.organisation_name

    def rule(self):
        for row in ConflictOfInterest.objects.filter(candidature__edition=self.edition):
            services.rule(
                row, upheld=row.signs != [WEAK], reason="Examiné en équipe.", by=self.team
            )
        user, file = self.tied[WEAK]
        assert not hides(user, file)
        assert all(hides(*pair) for sign, pair in self.tied.items() if sign != WEAK)

    # The readings -------------------------------------------------------------------------------

    def plan(self):
        services.make_plan(self.edition, by=self.team)
        self.edition.refresh_from_db()
        given = Assignment.objects.counting().filter(candidature__edition=self.edition)
        loads = [given.filter(jury_member=seat).count() for seat in self.seats]
        assert given.count() == (FILES - 2) * READINGS
        assert max(loads) - min(loads) <= 1
        assert not any(given.filter(jury_member__user=u, candidature=f).exists()
                       for u, f in hidden(self.edition))  # fmt: skip

    def read(self):
        """Half is read; one finds a tie, another leaves; then the rest is read by who stays."""
        self.move(jury_opens_at=ago(seconds=20), jury_closes_at=ahead(days=20))
        self.worth = {file.pk: self.chance.gauss(2, 1) for file in self.files()}
        self.severity = {seat.pk: self.chance.gauss(0, 0.6) for seat in self.seats}
        rows = self.chance.sample(list(self.unread()), self.unread().count())
        for reading in rows[: len(rows) // 2]:
            self.read_one(reading)
        services.declare_conflict(self.unread()[0], reason="Je reconnais mon ancien employeur.")
        services.make_plan(self.edition, by=self.team)
        self.gone = self.seats[6]
        done = self.gone.assignments.filter(evaluation__signed_at__isnull=False).count()
        assert services.drop_out(self.gone, by=self.team) == ""
        assert self.gone.assignments.count() == done > 0
        with pytest.raises(NotAllowed):
            services.ranking(self.edition, by=self.team)
        for reading in self.unread():
            self.read_one(reading)
        self.check_coverage()

    def unread(self, number=1):
        rows = Assignment.objects.counting().filter(
            candidature__edition=self.edition, round=number, evaluation=None
        )
        return rows.select_related("candidature__edition", "jury_member__user").order_by("pk")

    def read_one(self, reading):
        aim = self.worth[reading.candidature_id] + self.severity[reading.jury_member_id]
        levels = [min(4, max(0, round(aim + self.chance.gauss(0, 0.5)))) for _ in range(3)]
        levels[2] = None if self.chance.random() < 0.1 else levels[2]
        make_evaluation(reading, levels, comment_for_jury="Lu.", comment_for_candidate=COMMENT)

    def check_coverage(self):
        signed = Evaluation.objects.counting(self.edition)
        for file in self.files():
            assert signed.filter(assignment__candidature=file).count() == READINGS
        assert not any(
            signed.filter(assignment__jury_member__user=u, assignment__candidature=f).exists()
            for u, f in hidden(self.edition)
        )

    def read_again(self):
        """The first ten are read by all; nobody sees a mean meanwhile, and nothing is decided."""
        self.move(jury_closes_at=ago(seconds=10), results_published_at=ahead(days=30))
        first = services.ranking(self.edition, by=self.team)
        assert first.calibration_applies
        chosen = [row.file for row in first.files[:SHORTLIST]]
        services.open_second_round(
            self.edition, files=self.edition.candidatures.filter(pk__in=chosen),
            closes_at=ahead(days=5), by=self.team,
        )  # fmt: skip
        self.edition.refresh_from_db()
        with pytest.raises(NotAllowed):
            services.ranking(self.edition, by=self.team)
        with pytest.raises(NotAllowed):
            services.decide(self.files()[-1], outcome="not_selected")
        rows = list(self.unread(2))
        pairs = {(row.jury_member.user_id, row.candidature_id) for row in rows}
        assert pairs.isdisjoint((user.pk, file.pk) for user, file in hidden(self.edition))
        assert len(rows) + self.kept_out(chosen) == SHORTLIST * (JURORS - 1)
        for reading in rows:
            self.read_one(reading)
        services.close_second_round(self.edition)
        self.edition.refresh_from_db()
        self.ranking = services.ranking(self.edition, by=self.team)
        assert {row.file for row in self.ranking.files} == set(chosen)

    def kept_out(self, chosen):
        sitting = {seat.user_id for seat in self.seats if seat.left_at is None}
        pairs = hidden(self.edition)
        return sum(user.pk in sitting and file.pk in chosen for user, file in pairs)


def mails_to(address):
    return Email.objects.filter(to=address).count()


def hides(user, file):
    return ConflictOfInterest.objects.in_force().filter(user=user, candidature=file).exists()


def hidden(edition):
    """The pairs (person, file) that a tie keeps apart."""
    rows = ConflictOfInterest.objects.in_force().filter(candidature__edition=edition)
    return [(row.user, row.candidature) for row in rows.select_related("user", "candidature")]


def origins(edition):
    rows = ConflictOfInterest.objects.filter(candidature__edition=edition)
    return rows.values_list("origin", flat=True)


def same_person(year, user, file):
    user.name = file.holders.get().name
    user.save()


def carries(year, user, file):
    firm = make_organisation()
    Membership.objects.create(user=user, organisation=firm)
    link(file, make_initiative(holder=firm))


def sits_for(year, user, file):
    user.jury_memberships.filter(edition=year.edition).update(organisation=file.organisation)


def has_a_mandate(year, user, file):
    Membership.objects.create(user=user, organisation=file.organisation, function="Trésorerie")


def has_funded(year, user, file):
    Membership.objects.create(user=user, organisation=year.funder)
    sheet = make_initiative()
    make_laureate(prize=make_prize(funder=year.funder), initiative=sheet)
    link(file, sheet)


def helps(year, user, file):
    partner, sheet = make_organisation(), make_initiative()
    Membership.objects.create(user=user, organisation=partner)
    Support.objects.create(initiative=sheet, organisation=partner, role=Support.Role.FUNDER)
    link(file, sheet)


def writes_from_there(year, user, file):
    user.email = f"jury@{file.holders.get().email.partition('@')[2]}"
    user.save()


def lives_near(year, user, file):
    neighbour = make_organisation(commune=file.commune)
    Membership.objects.create(user=user, organisation=neighbour)


def link(file, sheet):
    file.initiative = sheet
    file.save(update_fields=["initiative"])


MAKE_TIE = {
    "same_person": same_person,
    "holder": carries,
    "organisation": sits_for,
    "mandate": has_a_mandate,
    "funder": has_funded,
    "partner": helps,
    "email_domain": writes_from_there,
    "commune": lives_near,
}
