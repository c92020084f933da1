"""What a juror declares before any file is open: where they sit, what they do, their ties."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.utils import timezone

from initiatives.models import Initiative, Support
from partners.models import Membership, Organisation
from rallynov.publishing import free_slug
from rallynov.sorting import SortKey
from trophies.models import Deposit, JuryMember
from trophies.services.conflicts import declare, undeclared_files
from trophies.services.detection import detect
from trophies.ties import name_key, words
from trophies.workflow import NotAllowed, Status


@dataclass(frozen=True)
class Declaration:
    """What a juror signs: a reason for each tie, by key; the keys of the organisations shown.

    `added`: pairs (name of an organisation, function); `removed`: keys of mandates.
    """

    shown: frozenset = frozenset()
    ties: dict = field(default_factory=dict)
    organisation: str = ""
    added: tuple = ()
    removed: tuple = ()
    themes: tuple = ()
    ceiling: int | None = None


class NewOrganisations(NotAllowed):
    """A file came while the juror was reading the list: they have not been asked about it."""


# The list ---------------------------------------------------------------------------------------


def listed_organisations(member):
    """The organisations that `member` is still to be asked about: key → name, as deposited.

    In alphabetical order, each once, whatever its files: nothing else is told of them.
    """
    names = {file.deposited_name for file in with_names(undeclared_files(member))}
    found = {}
    for name in sorted(names, key=lambda name: (words(name), name)):
        found.setdefault(key_of(name), name)
    return found


def with_names(files):
    last = Deposit.objects.filter(candidature=OuterRef("pk")).order_by("-number")
    name = Subquery(last.values("payload__organisation__name")[:1])
    return files.only("edition").annotate(deposited_name=name)


def key_of(name):
    return name_key(name) or name


def may_set_ceiling(edition):
    """Until the plan of readings exists."""
    return edition.plan_seed is None and not edition.is_open_to_jury


# The signature ----------------------------------------------------------------------------------


@transaction.atomic
def sign_declaration(member, declaration):
    """Keep what a juror declares, as of the instant when the list was whole before their eyes.

    Raises NewOrganisations when something came that they were not shown.
    """
    wait_for_screenings(member.edition)
    rows = JuryMember.objects.select_for_update(of=["self"], no_key=True)
    member = rows.select_related("edition", "user").get(pk=member.pk)
    now = timezone.now()
    if set(listed_organisations(member)) - declaration.shown:
        raise NewOrganisations("Des organisations se sont ajoutées à la liste.")
    declare_ties(member, declaration)
    change_mandates(member, declaration)
    change_seat(member, declaration)
    member.declared_at = now
    member.save(update_fields=["organisation", "ceiling", "declared_at"])
    member.themes.set(declaration.themes)
    detect(member.edition, user=member.user)


def wait_for_screenings(edition):
    """A file being declared eligible is dated already, and not in the list yet: wait for it.

    From here to the end of the transaction, none becomes eligible.
    """
    files = edition.candidatures.exclude(status=Status.DRAFT).order_by("pk")
    list(files.select_for_update(of=["self"], no_key=True).values_list("pk"))


def declare_ties(member, declaration):
    """A tie is with an organisation: with all of its files, those that are hidden already too."""
    files = {}
    for file in with_names(member.edition.candidatures.eligible()):
        files.setdefault(key_of(file.deposited_name), []).append(file)
    for key, reason in declaration.ties.items():
        if key in files and key in declaration.shown:
            declare(user=member.user, candidatures=files[key], reason=reason)


def change_mandates(member, declaration):
    member.user.memberships.filter(pk__in=declaration.removed).delete()
    for name, function in declaration.added:
        Membership.objects.update_or_create(
            user=member.user,
            organisation=organisation_named(name, member.edition),
            defaults={"function": function},
        )


def change_seat(member, declaration):
    """The team's word is not changed here: who sits for whom is asked when it is not known."""
    if member.organisation_id is None and declaration.organisation:
        member.organisation = organisation_named(declaration.organisation, member.edition)
    if may_set_ceiling(member.edition):
        member.ceiling = declaration.ceiling


# Organisations by their name --------------------------------------------------------------------


def organisation_named(name, edition):
    """The organisation of that name, or a new one, which has no page.

    One that the public knows, whatever the case and the accents. Another must be named to the
    letter: to find it under another spelling would tell that it is there, because of a file maybe.
    """
    is_so_called = Q(sort_key=SortKey(Value(name))) | Q(short_name__iexact=name)
    known = public_organisations().filter(is_so_called).order_by("pk").first()
    return (
        known or Organisation.objects.filter(name=name).first() or new_organisation(name, edition)
    )


def public_organisations():
    """Those that a public page names: partners, and who carries or helps a published sheet."""
    named = Support.objects.filter(
        organisation=OuterRef("pk"), initiative__in=Initiative.objects.published()
    )
    is_partner = Q(pk__in=Organisation.objects.published().values("pk"))
    return Organisation.objects.filter(is_partner | Exists(named))


def new_organisation(name, edition):
    organisation = Organisation(name=name, is_example=edition.is_example)
    organisation.slug = free_slug(organisation, name)
    organisation.save()
    return organisation
