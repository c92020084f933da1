"""Who may open what of the chain: role × address × state, the admin's addresses included."""

import re

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from tests.access.chain import ADMIN, OWN, ROLES
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
from trophies.models import Candidature, ConflictOfInterest, PieceRequest

PDF = b"%PDF-1.4\n%%EOF\n"
SCREENED = {"eligible": "accept", "ineligible": "refuse", "withdrawn": "withdraw"}


@pytest.fixture
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def people():
    roles = {
        "owner": [],
        "other holder": [],
        "juror": [Role.JURY],
        "juror in conflict": [Role.JURY],
        "juror of another edition": [Role.JURY],
        "editor": [Role.EDITOR],
        "team": [Role.TEAM],
        "team in conflict": [Role.TEAM],
    }
    users = {name: make_user(roles=own) for name, own in roles.items()}
    return users | {"superuser": make_user(is_superuser=True)}


@pytest.fixture
def world(db):
    """A candidature in each state, with a file; a juror and a conflict in each edition."""
    users = people()
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
        for name in ["juror", "juror in conflict", "team in conflict"]:
            make_jury_member(edition=edition, user=users[name])
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
    return users, files


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
    for name in ["juror in conflict", "team in conflict"]:
        member = file.edition.jury_members.get(user=users[name])
        ConflictOfInterest.objects.create(user=member.user, candidature=file, reason="Un ami.")


def decide(editions, files):
    for name in ["deliberating", "decided", "out"]:
        end_readings(editions[name])
    for name in ["decided", "published"]:
        prize = files[name].edition.prizes.get()
        services.decide(Candidature.objects.get(pk=files[name].pk), outcome="laureate", prize=prize)
    publish_results(editions["out"])
    editions["decided"].results_published_at = ahead(days=1)
    editions["decided"].save()


def own_address(name, file):
    if name == "attachment":
        return file.attachments.get().get_absolute_url()
    arguments = {
        "candidatures:receipt": [1],
        "candidatures:receipt-pdf": [1],
        "candidatures:step": ["projet"],
        "candidatures:choose": ["projet"],
        "candidatures:cancel-invitation": [file.uuid],
        "candidatures:remove-piece": [file.uuid],
        "candidatures:answer": [asked.uuid for asked in file.piece_requests.all()],
    }
    return reverse(name, args=[file.uuid, *arguments.get(name, [])])


def admin_address(name, file, users, role):
    arguments = {
        "candidature_transition": lambda: [file.pk, "refuse"],
        "candidature_deposit": lambda: [file.pk, 1],
        "reading": lambda: [reading_of(file, users, role)],
        "reading_conflict": lambda: [reading_of(file, users, role)],
        "edition_jury": lambda: [file.edition_id],
        "edition_clone": lambda: [file.edition_id],
        "announce": lambda: [file.edition_id],
        "decide": lambda: [file.edition_id, file.pk],
        "laureate_change": lambda: [file.laureate.pk],
    }
    args = arguments.get(name, lambda: [file.pk] if file else [])()
    return reverse(f"admin:trophies_{name}", args=args)


def reading_of(file, users, role):
    """One's own reading if there is one, even taken away; else the juror's."""
    own = file.assignments.filter(jury_member__user=users.get(role)).first()
    return (own or file.assignments.get(jury_member__user=users["juror"])).uuid


@pytest.mark.usefixtures("_one_factor")
@pytest.mark.parametrize("role", ROLES)
def test_address_of_the_chain_opens_for_role(client, world, role):
    users, files = world
    if role != "anonymous":
        client.force_login(users[role])
    found, expected = {}, {}
    for table, address_of in [
        (OWN, lambda name, file: own_address(name, file)),
        (ADMIN, lambda name, file: admin_address(name, file, users, role)),
    ]:
        for (name, state), codes in table.items():
            address = address_of(name, files.get(state))
            expected[name, state] = int(codes.split()[ROLES.index(role)])
            response = client.get(address)
            b"".join(response)  # a file is closed once read
            found[name, state] = response.status_code
    assert found == expected


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
    assert ours == {name for name, _ in ADMIN if not USUAL.search(name)}
