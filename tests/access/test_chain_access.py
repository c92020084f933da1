"""Who may open what of the chain: role × address × state, the admin's addresses included."""

import re

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.access.chain import ADMIN, OWN, ROLES, STATES, cases
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_candidature,
    make_criterion,
    make_edition,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from trophies import attachments, services
from trophies.models import (
    Assignment,
    Candidature,
    ConflictOfInterest,
    JuryMember,
    JurySession,
    PieceRequest,
)

PDF = b"%PDF-1.4\n%%EOF\n"
SCREENED = {"eligible": "accept", "ineligible": "refuse", "withdrawn": "withdraw"}


@pytest.fixture
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


OF_A_SESSION = [
    *("session", "room", "minutes", "minutes_pdf", "minutes_verify", "minutes_erase"),
]
TIED = ["juror in conflict", "team in conflict", "superuser in conflict"]
SEATED = ["juror", "president", "juror not assigned", "juror who left", "juror undeclared", *TIED]


def people():
    jury = {"roles": [Role.JURY]}
    fields = dict.fromkeys(["owner", "other holder"], {})
    fields |= dict.fromkeys(["president", "juror of another edition", *SEATED], jury)
    fields |= {
        "editor": {"roles": [Role.EDITOR]},
        "team": {"roles": [Role.TEAM]},
        "team in conflict": {"roles": [Role.TEAM]},
        "superuser": {"is_superuser": True},
        "superuser in conflict": {"is_superuser": True},
    }
    return {name: make_user(**own) for name, own in fields.items()}


def people_with_closed_account(users):
    """Team, juror, president and holder of everything at once, until the account was closed."""
    user = make_user(roles=[Role.TEAM, Role.JURY], is_superuser=True)
    return users | {"disabled": user}


@pytest.fixture
def world(db):
    """A candidature in each state, with a file; a juror and a conflict in each edition."""
    users = people_with_closed_account(people())
    make_candidature(holder=users["other holder"])
    make_jury_member(user=users["juror of another edition"])
    editions = {
        "open": make_edition(),
        "screening": make_edition(closes_at=ago(days=1)),
        **{name: make_reading_edition() for name in ["reading", "deliberating", "decided", "out"]},
    }
    for edition in editions.values():
        make_criterion(edition=edition)
        make_prize(edition=edition)
        for name in [*SEATED, "disabled"]:
            role = "president" if name == "president" else "member"
            make_jury_member(edition=edition, user=users[name], role=role)
    files = {
        "draft": build(users, editions["open"]),
        "submitted": build(users, editions["open"], "submitted"),
        "eligible": build(users, editions["screening"], "eligible"),
        "reading": build(users, editions["reading"], "eligible"),
        "ineligible": build(users, editions["reading"], "ineligible"),
        "withdrawn": build(users, editions["reading"], "withdrawn"),
        "deliberating": build(users, editions["deliberating"], "eligible"),
        "decided": build(users, editions["decided"], "eligible"),
        "published": build(users, editions["out"], "eligible"),
    }
    for file in files.values():
        give_conflicts(users, file)
        PieceRequest.objects.create(candidature=file, message="Le budget.", by=users["team"])
    decide(editions, files)
    meet(editions, users)
    set_apart(users)
    return users, files


def set_apart(users):
    """What no longer lets a seated juror read, and what closed an account."""
    seats = JuryMember.objects
    Assignment.objects.filter(jury_member__user=users["juror not assigned"]).delete()
    seats.filter(user=users["juror who left"]).update(left_at=ago(hours=1))
    seats.filter(user=users["juror undeclared"]).update(declared_at=None)
    for file in Candidature.objects.filter(holders=users["owner"]):
        file.holders.add(users["disabled"])
    User.objects.filter(pk=users["disabled"].pk).update(is_active=False)


def build(users, edition, state="draft"):
    candidature = make_candidature(edition=edition, holder=users["owner"])
    upload = SimpleUploadedFile("bilan.pdf", PDF)
    services.attach(candidature, attachments.prepare(upload), at=edition.opens_at)
    if state == "draft":
        return candidature
    at = edition.opens_at
    services.deposit(candidature=candidature, by=users["owner"], received_at=at)
    if state in ("ineligible", "withdrawn"):
        # Once assigned: a reading that was given stays closed.
        services.change_status(candidature, "accept", by=users["team"])
    if state in SCREENED:
        services.change_status(candidature, SCREENED[state], by=users["team"], reason="Motif.")
    return Candidature.objects.get(pk=candidature.pk)


def give_conflicts(users, file):
    for name in TIED:
        ConflictOfInterest.objects.create(user=users[name], candidature=file, reason="Un ami.")


def decide(editions, files):
    for name in ["deliberating", "decided", "out"]:
        end_readings(editions[name])
    for name in ["decided", "published"]:
        prize = files[name].edition.prizes.get()
        services.decide(Candidature.objects.get(pk=files[name].pk), outcome="laureate", prize=prize)
    editions["decided"].results_published_at = ahead(days=1)
    editions["decided"].save()


def meet(editions, users):
    """A session in each edition: to come, open, closed; of what is out, its minutes are sealed."""
    for name, edition in editions.items():
        began = {"opened_at": ago(minutes=3)} if name in ("deliberating", "decided", "out") else {}
        ended = {"closed_at": ago(minutes=2)} if name in ("decided", "out") else {}
        JurySession.objects.create(
            edition=edition, number=1, starts_at=ago(minutes=4), quorum=1, **began, **ended
        )
    services.seal_minutes(editions["out"].jury_sessions.get(), by=users["team"])
    publish_results(editions["out"])


def own_address(name, file):
    if name == "attachment":
        return file.attachments.get().get_absolute_url()
    arguments = {
        "candidatures:receipt": [1],
        "candidatures:receipt-pdf": [1],
        "candidatures:step": ["projet"],
        "candidatures:choose": ["projet"],
        "candidatures:news": [1],
        "candidatures:cancel-invitation": [file.uuid],
        "candidatures:remove-piece": [file.uuid],
        "candidatures:answer": [asked.uuid for asked in file.piece_requests.all()],
    }
    return reverse(name, args=[file.uuid, *arguments.get(name, [])])


def admin_address(name, file, users, role):
    if file is None:
        return reverse(f"admin:trophies_{name}")
    arguments = {
        "candidature_transition": [file.pk, "refuse"],
        "candidature_deposit": [file.pk, 1],
        "conflict_rule": [conflict_of(file, users)],
        "conflictofinterest_change": [conflict_of(file, users)],
        "conflictofinterest_delete": [conflict_of(file, users)],
        "decide": [file.edition_id, file.pk],
        "letter": [file.edition_id, file.pk],
        "juror": [file.edition_id, seat_of(file, users)],
        "juror_leaves": [file.edition_id, seat_of(file, users)],
        "laureate_change": [file.laureate.pk if hasattr(file, "laureate") else 0],
        "room_file": [file.edition_id, 1, file.pk],
        **dict.fromkeys(
            ["edition_report_text", "edition_report_restore"], [file.edition_id, "perspectives"]
        ),
        **dict.fromkeys(OF_A_SESSION, [file.edition_id, 1]),
        "declaration": [file.edition.year],
        "booklet": [file.edition.year],
    }
    usual = [file.pk] if name.startswith("candidature") else [file.edition_id]
    if name.startswith("reading"):
        usual = [reading_of(file, users, role)]
    return reverse(f"admin:trophies_{name}", args=arguments.get(name, usual))


def conflict_of(file, users):
    """That of the juror: nobody else's who could come to it here."""
    return file.conflicts.get(user=users["juror in conflict"]).pk


def seat_of(file, users):
    return file.edition.jury_members.get(user=users["juror"]).pk


def reading_of(file, users, role):
    """One's own reading if there is one, even taken away; else the juror's, or nobody's."""
    own = file.assignments.filter(jury_member__user=users.get(role)).first()
    other = file.assignments.filter(jury_member__user=users["juror"]).first()
    return (own or other or Assignment()).uuid


def sign_in(client, users, role):
    if role != "anonymous":
        client.force_login(users[role])


def asked_of(world, role):
    """((name, state), address, the status that the table says) of every line."""
    users, files = world
    for table, address_of in [
        (OWN, own_address),
        (ADMIN, lambda name, file: admin_address(name, file, users, role)),
    ]:
        for (name, state), codes in cases(table):
            yield (name, state), address_of(name, files.get(state)), codes[ROLES.index(role)]


@pytest.mark.usefixtures("_one_factor")
def test_address_of_the_chain_opens_for_each_role(client, world):
    """One world for all: to open an address changes nothing."""
    wrong = []
    for role in ROLES:
        sign_in(client, world[0], role)
        for (name, state), address, code in asked_of(world, role):
            response = client.get(address)
            b"".join(response)  # a file is closed once read
            if response.status_code != code:
                wrong.append(f"{role}, {name}, {state}: {response.status_code}, not {code}")
        client.logout()
    assert wrong == []


@pytest.mark.parametrize("table", [OWN, ADMIN])
def test_table_names_every_state_once(table):
    """Where no file takes part in an address, there is none."""
    for name, states in table.items():
        named = " ".join(states).split()
        assert sorted(named) == sorted(STATES) or not named, name


# Django's own pages of a model, which tests/admin looks at.
USUAL = re.compile(r"_(changelist|add|change|delete|history)$")


def test_table_names_every_address_that_is_ours_in_the_admin():
    ours = {
        pattern.name.removeprefix("trophies_")
        for model, options in admin.site._registry.items()
        if model._meta.app_label == "trophies"
        for pattern in options.get_urls()
        if pattern.name and not USUAL.search(pattern.name)
    }
    assert ours == {name for name in ADMIN if not USUAL.search(name)}
