"""Ties of interest: found in the data, declared, ruled on; in force, they hide the file."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from initiatives.models import Support
from partners.models import Membership
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_commune,
    make_deposited,
    make_edition,
    make_eligible,
    make_initiative,
    make_jury_member,
    make_laureate,
    make_organisation,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from tests.threads import in_parallel
from tests.trophies.test_at_once import places, then  # noqa: F401
from trophies import services
from trophies.models import Assignment, Candidature, ConflictOfInterest, JuryMember
from trophies.services.conflicts import awaiting_declaration, version_of
from trophies.services.declarations import Declaration, NewOrganisations, sign_declaration
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

Ruling = ConflictOfInterest.Ruling


@pytest.fixture
def edition():
    return make_reading_edition()


@pytest.fixture
def team():
    return make_user(roles=[Role.TEAM], name="Camille Petit")


@pytest.fixture
def oven():
    return make_organisation(name="Le Four commun", commune=make_commune(code="25056"))


@pytest.fixture
def file(edition, oven):
    """A file of « Le Four commun », held by Alix Durand, deposited from Besançon."""
    return make_file(edition)


def make_file(edition, **changes):
    holder = make_user(name="Alix Durand", email=f"alix{edition.pk}@four.example")
    fields = {"organisation_name": "LE FOUR COMMUN", "commune": make_commune(code="25056")}
    return make_eligible(edition=edition, holder=holder, **fields | changes)


def make_juror(edition, **changes):
    """A seat and its account, far from everything."""
    seat = {key: changes.pop(key) for key in ("organisation", "role") if key in changes}
    account = {"roles": [Role.JURY], "name": "Claude Martin"} | changes
    return make_jury_member(edition=edition, user=make_user(**account), **seat)


def signs(member):
    row = ConflictOfInterest.objects.filter(user=member.user).first()
    return row.signs if row else []


def is_read_by(file, member):
    return Assignment.objects.visible_to(member.user).filter(candidature=file).exists()


# Detected ---------------------------------------------------------------------------------------


def test_stranger_is_tied_to_nothing(edition, file):
    member = make_juror(edition, organisation=make_organisation(name="La Ferme"))
    assert not ConflictOfInterest.objects.exists()
    assert is_read_by(file, member)


def sits_there(edition, file, oven):
    return make_juror(edition, organisation=oven)


def sits_in_one_of_that_name(edition, file, oven):
    return make_juror(edition, organisation=make_organisation(short_name="le four-commun"))


def has_a_mandate(edition, file, oven):
    user = make_user(roles=[Role.JURY])
    Membership.objects.create(user=user, organisation=oven, function="trésorière")
    return make_jury_member(edition=edition, user=user)


def carries_the_project(edition, file, oven):
    return supports(edition, file, Support.Role.HOLDER)


def helps_the_project(edition, file, oven):
    return supports(edition, file, Support.Role.FUNDER)


def supports(edition, file, role):
    bank = make_organisation(name="Banque de l’Essor")
    initiative = make_initiative()
    Support.objects.create(initiative=initiative, organisation=bank, role=role)
    Candidature.objects.filter(pk=file.pk).update(initiative=initiative)
    return make_juror(edition, organisation=bank)


def paid_a_prize(edition, file, oven):
    bank = make_organisation(name="Banque de l’Essor")
    laureate = make_laureate(prize=make_prize(funder=bank))
    Candidature.objects.filter(pk=file.pk).update(initiative=laureate.initiative)
    return make_juror(edition, organisation=bank)


def has_the_name_of_a_holder(edition, file, oven):
    return make_juror(edition, name="DURAND Alix")


def has_the_domain_of_a_holder(edition, file, oven):
    return make_juror(edition, email="claude@four.example")


KINDS = {
    sits_there: ["organisation", "commune"],
    sits_in_one_of_that_name: ["organisation"],
    has_a_mandate: ["mandate", "commune"],
    carries_the_project: ["holder"],
    helps_the_project: ["partner"],
    paid_a_prize: ["funder"],
    has_the_name_of_a_holder: ["same_person"],
    has_the_domain_of_a_holder: ["email_domain"],
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_is_found_when_a_juror_is_appointed(edition, file, oven, kind):
    member = kind(edition, file, oven)
    row = ConflictOfInterest.objects.get(user=member.user, candidature=file)
    assert row.signs == KINDS[kind]
    assert (row.origin, row.ruling, row.reason) == ("detected", "pending", "")
    assert not is_read_by(file, member)
    assert not member.assignments.exists()


def test_same_commune_alone_hides_nothing(edition, file):
    neighbour = make_organisation(name="La Halte", commune=make_commune(code="25056"))
    member = make_juror(edition, organisation=neighbour)
    assert signs(member) == ["commune"]
    assert is_read_by(file, member)


def test_prize_that_waits_for_its_results_is_no_sign(edition, file):
    """A file that goes away would tell of it."""
    bank = make_organisation(name="Banque de l’Essor")
    coming = make_reading_edition()
    laureate = make_laureate(prize=make_prize(edition=coming, funder=bank))
    Candidature.objects.filter(pk=file.pk).update(initiative=laureate.initiative)
    member = make_juror(edition, organisation=bank)
    assert signs(member) == []
    publish_results(coming)
    services.detect_conflicts()
    assert signs(member) == ["funder"]


def test_file_is_never_hidden_from_the_whole_team(edition, file):
    """Somebody must screen it, and rule; who sits in the jury reads nothing of it all the same."""
    User.objects.update(is_active=False)
    own = {"email": "lou@four.example", "roles": [Role.TEAM, Role.JURY]}
    juror = make_jury_member(edition=edition, user=make_user(**own))
    team = [make_user(roles=[Role.TEAM], email=f"{name}@four.example") for name in "ab"]
    services.detect_conflicts()
    seen = [Candidature.objects.visible_to(user).exists() for user in [*team, juror.user]]
    assert seen == [True, True, False]
    elsewhere = make_user(roles=[Role.TEAM], email="c@moulin.example")
    services.detect_conflicts()
    seen = [Candidature.objects.visible_to(user).exists() for user in [*team, elsewhere]]
    assert seen == [False, False, True]


def test_file_that_becomes_eligible_is_looked_at(edition, oven):
    member = make_juror(edition, organisation=oven)
    other = make_juror(edition)
    file = make_file(edition)
    assert signs(member) == ["organisation", "commune"]
    assert not member.assignments.exists()
    assert is_read_by(file, other)


def test_worker_finds_what_changes_without_us(edition, file, oven):
    member = make_juror(edition)
    assert is_read_by(file, member)
    Membership.objects.create(user=member.user, organisation=oven)
    services.detect_conflicts()
    assert signs(member) == ["mandate", "commune"]
    assert not is_read_by(file, member)


@pytest.mark.parametrize(
    "dates", [{"closes_at": ahead(days=1)}, {"results_published_at": ago(days=1)}]
)
def test_worker_looks_between_the_closing_and_the_results(dates):
    no_jury = {"jury_opens_at": None, "jury_closes_at": None, "results_published_at": None}
    edition = make_edition(closes_at=ago(days=2), **no_jury)
    file = make_file(edition)
    member = make_juror(edition)
    Membership.objects.create(user=member.user, organisation=file.organisation)
    type(edition).objects.filter(pk=edition.pk).update(**dates)
    services.detect_conflicts()
    assert signs(member) == []


def test_team_and_superusers_are_looked_at_as_well(edition, oven):
    make_user(roles=[Role.TEAM])  # who has no tie, and rules
    people = [make_user(roles=[Role.TEAM]), make_user(is_superuser=True)]
    others = [make_user(roles=[Role.EDITOR]), make_user(), make_user(roles=[Role.JURY])]
    closed = make_user(roles=[Role.TEAM], is_active=False)
    for user in [*people, *others, closed]:
        Membership.objects.create(user=user, organisation=oven)
    file = make_deposited(edition=edition, organisation_name="Le four commun")
    services.detect(edition)
    assert {row.user for row in file.conflicts.all()} == set(people)
    visible = [Candidature.objects.visible_to(user).filter(pk=file.pk) for user in people]
    assert not any(rows.exists() for rows in visible)


def test_drafts_are_nobody_s_yet(edition, oven):
    member = make_juror(edition, organisation=oven)
    make_candidature(edition=edition, organisation_name="Le four commun")
    services.detect(edition)
    assert signs(member) == []


def test_second_look_changes_nothing(edition, file, oven):
    member = make_juror(edition, organisation=oven)
    before = list(member.user.conflicts.get().events.values_list("pgh_label", flat=True))
    services.detect(edition)
    assert list(member.user.conflicts.get().events.values_list("pgh_label", flat=True)) == before


def test_declared_tie_gains_the_signs_and_keeps_its_reason(edition, file, oven):
    member = make_juror(edition)
    services.declare(user=member.user, candidatures=[file], reason="J’y fais le pain.")
    Membership.objects.create(user=member.user, organisation=oven)
    services.detect(edition)
    row = member.user.conflicts.get()
    assert (row.origin, row.reason) == ("declared", "J’y fais le pain.")
    assert row.signs == ["mandate", "commune"]


def test_tie_that_is_no_more_in_the_data_stays(edition, file, oven):
    member = has_a_mandate(edition, file, oven)
    member.user.memberships.all().delete()
    services.detect(edition)
    assert signs(member) == ["mandate", "commune"]


def test_looking_makes_as_many_queries_for_three(edition, oven):
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            member = make_juror(edition, name="")
            holder = make_user()
            make_eligible(edition=edition, organisation_name="Le four commun", holder=holder)
            Membership.objects.create(user=member.user, organisation=oven)
        with CaptureQueriesContext(connection) as queries:
            services.detect(edition)
        counts.append(len(queries))
    assert ConflictOfInterest.objects.count() == 9
    assert counts[0] == counts[1]


# Ruled on ---------------------------------------------------------------------------------------


@pytest.fixture
def tied(edition, file, oven):
    return make_juror(edition, organisation=oven)


@pytest.fixture
def conflict(tied):
    return tied.user.conflicts.get()


def test_dismissal_gives_the_file_back(file, tied, conflict, team):
    services.rule(conflict, upheld=False, reason="Un homonyme.", by=team)
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruling_reason) == ("dismissed", "Un homonyme.")
    assert conflict.ruled_by == team
    assert is_read_by(file, tied)
    services.detect(file.edition)
    assert is_read_by(file, tied)


def test_upheld_tie_keeps_the_file_away(file, tied, conflict, team):
    services.rule(conflict, upheld=True, reason="Elle y siège.", by=team)
    services.detect(file.edition)
    conflict.refresh_from_db()
    assert conflict.ruling == "upheld"
    assert not is_read_by(file, tied)


def test_weak_sign_that_is_upheld_hides(edition, file, team):
    neighbour = make_organisation(commune=make_commune(code="25056"))
    member = make_juror(edition, organisation=neighbour)
    services.rule(member.user.conflicts.get(), upheld=True, reason="Voisins.", by=team)
    assert not is_read_by(file, member)


def test_new_sign_reopens_what_was_dismissed(file, tied, conflict, team):
    services.rule(conflict, upheld=False, reason="Un homonyme.", by=team)
    type(tied.user).objects.filter(pk=tied.user.pk).update(name="Alix Durand")
    services.detect(file.edition)
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruled_by, conflict.ruled_at) == ("pending", None, None)
    assert conflict.signs == ["same_person", "organisation", "commune"]
    assert not is_read_by(file, tied)
    kept = conflict.events.filter(ruling="dismissed")
    assert {row.ruling_reason for row in kept} == {"Un homonyme."}


def test_weak_sign_reopens_nothing(edition, file, team):
    member = make_juror(edition, email="claude@four.example")
    conflict = member.user.conflicts.get()
    services.rule(conflict, upheld=False, reason="Un domaine partagé.", by=team)
    neighbour = make_organisation(name="La Halte", commune=make_commune(code="25056"))
    JuryMember.objects.filter(pk=member.pk).update(organisation=neighbour)
    services.detect(edition)
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.signs) == ("dismissed", ["email_domain", "commune"])
    assert is_read_by(file, member)


def test_declaring_anew_reopens_what_was_dismissed(file, tied, conflict, team):
    services.rule(conflict, upheld=False, reason="Un homonyme.", by=team)
    services.declare_conflict(tied.assignments.get(), reason="Si, ma sœur.")
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.origin, conflict.reason) == (
        "pending",
        "declared",
        "Si, ma sœur.",
    )
    assert not is_read_by(file, tied)


def test_reasons_add_up(edition, file):
    member = make_juror(edition)
    for reason in ("Un ami.", "Un ami.", "Un voisin."):
        services.declare(user=member.user, candidatures=[file], reason=reason)
    assert member.user.conflicts.get().reason == "Un ami.\n\nUn voisin."


def test_ruling_again_keeps_the_former_in_the_history(file, conflict, team):
    other = make_user(roles=[Role.TEAM])
    services.rule(conflict, upheld=False, reason="Un homonyme.", by=team)
    conflict.refresh_from_db()
    services.rule(conflict, upheld=True, reason="Vérifié : c’est elle.", by=other)
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruled_by) == ("upheld", other)
    assert list(conflict.events.order_by("pgh_id").values_list("ruling", "ruled_by")) == [
        ("pending", None),
        ("dismissed", team.pk),
        ("upheld", other.pk),
    ]


def test_ruling_on_what_changed_meanwhile_is_refused(conflict, team):
    other = make_user(roles=[Role.TEAM])
    read = ConflictOfInterest.objects.get(pk=conflict.pk)
    services.rule(conflict, upheld=True, reason="Elle y siège.", by=other)
    with pytest.raises(NotAllowed, match="Ce lien a changé"):
        services.rule(read, upheld=False, reason="Un homonyme.", by=team)
    with pytest.raises(NotAllowed, match="Ce lien a changé"):
        services.rule(read, upheld=True, reason="Un autre motif.", by=team)
    services.rule(read, upheld=True, reason="Elle y siège.", by=team)
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruled_by) == ("upheld", other)


def test_ruling_without_having_seen_a_new_sign_is_refused(file, tied, conflict, team):
    seen = version_of(conflict)
    type(tied.user).objects.filter(pk=tied.user.pk).update(name="Alix Durand")
    services.detect(file.edition)
    with pytest.raises(NotAllowed, match="Ce lien a changé"):
        services.rule(conflict, upheld=False, reason="Un homonyme.", by=team, seen=seen)


def test_nobody_rules_on_oneself_nor_without_the_right(file, conflict, team):
    own = make_user(is_superuser=True)
    services.declare(user=own, candidatures=[file], reason="Un ami.")
    mine = own.conflicts.get()
    refused = [(mine, own), (conflict, own), (conflict, make_user(roles=[Role.JURY]))]
    for row, user in refused:
        with pytest.raises(NotAllowed, match="Vous ne pouvez pas"):
            services.rule(row, upheld=False, reason="Rien.", by=user)
    services.rule(mine, upheld=False, reason="Rien de grave.", by=team)
    assert Candidature.objects.visible_to(own).filter(pk=file.pk).exists()


# At once ----------------------------------------------------------------------------------------


def conflict_at_once():
    edition = make_reading_edition()
    member = make_juror(edition, email="claude@four.example")
    make_file(edition, commune=make_commune())
    return member.user.conflicts.get()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_two_of_the_team_at_once_lose_no_ruling():
    conflict = conflict_at_once()
    people = [make_user(roles=[Role.TEAM]) for _ in range(2)]
    calls = [
        lambda by=by, upheld=upheld: services.rule(
            conflict, upheld=upheld, reason=f"Motif de {by.pk}.", by=by
        )
        for by, upheld in zip(people, [True, False], strict=True)
    ]
    made = in_parallel(*calls, behind=conflict)
    assert {type(result) for result in made} == {ConflictOfInterest, NotAllowed}
    conflict.refresh_from_db()
    assert conflict.ruling_reason == f"Motif de {conflict.ruled_by_id}."
    assert conflict.events.exclude(ruled_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_one_ruling_sent_twice_is_made_once():
    conflict, by = conflict_at_once(), make_user(roles=[Role.TEAM])
    calls = [lambda: services.rule(conflict, upheld=True, reason="Il y siège.", by=by)] * 2
    made = in_parallel(*calls, behind=conflict)
    assert made[0] == made[1] == conflict
    assert conflict.events.exclude(ruled_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_two_who_say_a_tie_at_once_are_both_kept():
    conflict = conflict_at_once()
    said = [("Il y siège.", "team"), ("J’y siège.", "declared")]
    calls = [
        lambda reason=reason, origin=origin: services.declare(
            user=conflict.user, candidatures=[conflict.candidature], reason=reason, origin=origin
        )
        for reason, origin in said
    ]
    in_parallel(*calls, behind=conflict)
    conflict.refresh_from_db()
    assert set(conflict.reason.split("\n\n")) == {"Il y siège.", "J’y siège."}
    assert conflict.origin == "declared"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("places")
def test_file_that_becomes_eligible_while_one_signs_is_never_covered_unseen():
    """It is dated before the signature, and was not in the list yet."""
    edition, team = make_reading_edition(), make_user(roles=[Role.TEAM])
    member = make_jury_member(edition=edition, declared_at=None)
    file = make_deposited(edition=edition, organisation_name="La Halte")

    def accept():
        services.change_status(file, "accept", by=team)

    def sign():
        sign_declaration(member, Declaration())

    assert isinstance(then(accept, sign), NewOrganisations)
    member.refresh_from_db()
    assert member.declared_at is None
    sign_declaration(member, Declaration(shown=frozenset(["lahalte"])))
    assert is_read_by(file, member)


# What is left to declare ------------------------------------------------------------------------


def declared(member, at):
    JuryMember.objects.filter(pk=member.pk).update(declared_at=at)
    member.refresh_from_db()
    return awaiting_declaration(member)


def test_juror_is_asked_for_the_files_that_came_since(edition, file):
    member = make_juror(edition)
    assert declared(member, None)
    assert declared(member, file.screened_at - timedelta(seconds=1))
    assert not declared(member, file.screened_at)
    make_eligible(edition=edition)
    assert awaiting_declaration(member)


def test_juror_is_not_asked_about_what_is_hidden_from_them(edition, file, tied):
    assert not declared(tied, None)
    held = make_eligible(edition=edition)
    member = make_juror(edition, organisation=file.organisation)
    held.holders.add(member.user)
    assert not declared(member, None)


def test_juror_is_asked_no_more_once_the_readings_are_over(edition, file):
    member = make_juror(edition)
    assert declared(member, None)
    JuryMember.objects.filter(pk=member.pk).update(left_at=timezone.now())
    assert not declared(member, None)
    JuryMember.objects.filter(pk=member.pk).update(left_at=None)
    publish_results(edition)
    member = JuryMember.objects.get(pk=member.pk)
    assert not awaiting_declaration(member)
