"""The ties that the data show between the people of an edition and the files they may meet."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Now

from accounts.models import User
from accounts.roles import Role
from initiatives.models import Initiative, Support
from partners.models import Membership
from trophies.models import ConflictOfInterest, Deposit, Edition, JuryMember, Laureate
from trophies.ties import SIGNS, WEAK, File, Person, Someone, Structure, signs_between
from trophies.workflow import Status

# What the team screens and the jury reads.
MET = [Status.SUBMITTED, Status.ELIGIBLE]

IS_TEAM = Q(is_active=True) & (Q(is_superuser=True) | Q(roles__contains=[Role.TEAM]))
Ruling = ConflictOfInterest.Ruling


def detect_conflicts():
    """Look again at every edition between its closing and its results: the data change too."""
    closed = Edition.objects.filter(closes_at__lte=Now())
    for edition in closed.exclude(results_published_at__lte=Now()):
        detect(edition)


@transaction.atomic
def detect(edition, *, user=None, candidature=None):
    """Note the ties of jurors and team to the files of an edition, or of one person or file alone.

    A row gains signs and never loses one. What was dismissed waits for a ruling again when a sign
    comes that it did not have; the weak one, which hides nothing, reopens nothing.
    """
    files = [(file.pk, facts_of(file)) for file in files_of(edition, candidature)]
    people = [person_of(one) for one in people_of(edition, user)]
    found = {
        (person.account.id, pk): signs
        for person in people
        for pk, file in files
        if (signs := signs_between(person, file))
    }
    if found:
        rows = ConflictOfInterest.objects.filter(candidature__edition=edition)
        note(rows, left_to_somebody(edition, rows, found))


def left_to_somebody(edition, rows, found):
    """`found`, but what would hide a file from the whole team: somebody must screen it, and rule.

    A small team often has one e-mail domain. Those who sit in the jury are not spared.
    """
    people = User.objects.filter(IS_TEAM).values_list("pk", "jury_memberships__edition")
    team = {user for user, _ in people}
    seated = {user for user, seat in people if seat == edition.pk}
    tied = defaultdict(set)
    strong = [pair for pair, signs in found.items() if signs != [WEAK]]
    for user, file in [*rows.in_force().values_list("user", "candidature"), *strong]:
        tied[file].add(user)
    return {
        (user, file): signs
        for (user, file), signs in found.items()
        if user not in team - seated or team - tied[file]
    }


def note(rows, found):
    """`found`: (key of the person, key of the file) → signs."""
    known = {(row.user_id, row.candidature_id): row for row in rows}
    ConflictOfInterest.objects.bulk_create(
        [
            ConflictOfInterest(
                user_id=pair[0],
                candidature_id=pair[1],
                origin=ConflictOfInterest.Origin.DETECTED,
                signs=signs,
            )
            for pair, signs in sorted(found.items())
            if pair not in known
        ],
        # Somebody declares the same tie at this very moment: the next look adds the signs.
        ignore_conflicts=True,
    )
    behind = [row.pk for pair, row in known.items() if set(found.get(pair, ())) - set(row.signs)]
    if behind:
        locked = rows.select_for_update(of=["self"]).filter(pk__in=behind).order_by("pk")
        changed = [add_signs(row, found[row.user_id, row.candidature_id]) for row in locked]
        columns = ["signs", "ruling", "ruled_by", "ruled_at", "ruling_reason"]
        ConflictOfInterest.objects.bulk_update(changed, columns)


def add_signs(row, signs):
    added = set(signs) - set(row.signs)
    row.signs = [sign for sign in SIGNS if sign in added or sign in row.signs]
    if row.ruling == Ruling.DISMISSED and added - {WEAK}:
        reopen(row)
    return row


def reopen(row):
    """It waits for a ruling again; the history keeps the one that it had."""
    row.ruling, row.ruled_by, row.ruled_at, row.ruling_reason = Ruling.PENDING, None, None, ""


# The people -------------------------------------------------------------------------------------


def people_of(edition, only=None):
    """The jurors of the edition and the team, with their seat (`seats`) and their `mandates`."""
    seats = JuryMember.objects.filter(edition=edition).select_related("organisation")
    mandates = Membership.objects.select_related("organisation")
    people = User.objects.filter(Exists(seats.filter(user=OuterRef("pk"))) | IS_TEAM)
    if only:
        people = people.filter(pk=only.pk)
    return people.prefetch_related(
        Prefetch("jury_memberships", seats, to_attr="seats"),
        Prefetch("memberships", mandates, to_attr="mandates"),
    )


def person_of(user):
    seat = next((seat.organisation for seat in user.seats if seat.organisation), None)
    return Person(
        someone(user),
        seat=seat and structure(seat),
        mandates=structures(user.mandates),
    )


def someone(user):
    return Someone(id=user.pk, name=user.name, email=user.email)


# The files --------------------------------------------------------------------------------------


def files_of(edition, only=None):
    """The files that somebody meets, with what was deposited and what is known of their project."""
    last = Deposit.objects.filter(candidature=OuterRef("pk")).order_by("-number")
    files = edition.candidatures.filter(status__in=MET)
    if only:
        files = files.filter(pk=only.pk)
    # Published prizes alone: one that waits for its results would take a file away, and so tell.
    prizes = Laureate.objects.published().select_related("prize__funder")
    supports = Support.objects.select_related("organisation")
    return (
        files.select_related("organisation")
        .only("edition", "organisation", "initiative")
        .annotate(
            deposited_name=Subquery(last.values("payload__organisation__name")[:1]),
            deposited_commune=Subquery(last.values("payload__commune__code")[:1]),
        )
        .prefetch_related(
            "holders",
            Prefetch("initiative", Initiative.objects.only("pk")),
            Prefetch("initiative__supports", supports),
            Prefetch("initiative__laureates", prizes),
        )
    )


def facts_of(candidature):
    initiative = candidature.initiative
    supports = initiative.supports.all() if initiative else []
    prizes = [row.prize for row in initiative.laureates.all()] if initiative else []
    return File(
        structure=deposited_structure(candidature),
        holders=tuple(someone(user) for user in candidature.holders.all()),
        carriers=structures(row for row in supports if row.role == Support.Role.HOLDER),
        partners=structures(row for row in supports if row.role != Support.Role.HOLDER),
        funders=tuple(structure(prize.funder) for prize in prizes if prize.funder),
    )


def deposited_structure(candidature):
    """The structure as it was deposited, and as the directory knows it once it does."""
    own = candidature.organisation
    found = structure(own) if own else Structure()
    return Structure(
        id=found.id,
        names=(candidature.deposited_name, *found.names),
        siren=found.siren,
        commune=candidature.deposited_commune or "",
    )


def structures(links):
    """Of rows that tie somebody or something to an organisation."""
    return tuple(structure(link.organisation) for link in links)


def structure(organisation):
    return Structure(
        id=organisation.pk,
        names=(organisation.name, organisation.short_name),
        siren=organisation.siren,
        commune=organisation.commune_id or "",
    )
