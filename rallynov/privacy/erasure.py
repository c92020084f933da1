"""The erasure of one person, on request: all that the law does not keep, in one transaction.

What stays is said by `kept_of`, in French, before and after. Whoever shares a candidature leaves it
to the others. History and triggers are as for the purge (`rallynov.privacy.purge`).
"""

from dataclasses import dataclass

import pgtrigger
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from pghistory.models import Context

from accounts.models import Consent, MailSent, User
from events import services as events
from rallynov.privacy import candidatures
from rallynov.privacy.nobody import NAME, is_nobody, nobody
from rallynov.privacy.people import protected_fields, unname_registrations
from rallynov.privacy.person import Person, rows_of
from rallynov.privacy.retention import duration
from trophies.journal import events_of
from trophies.models import Candidature, Decision, Laureate
from trophies.workflow import NotAllowed, Status

# Rows that are nobody's once the person has left.
GONE = [
    *("initiatives.Contribution", "initiatives.SheetHolder", "initiatives.SheetInvitation"),
    *("initiatives.FreshnessQuestion", "initiatives.InitiativeImport"),
    *("trophies.CallAlert", "trophies.Invitation"),
]
# What the jury's decision is proved with.
OF_JURY = ("JuryMember", "ConflictOfInterest", "Presence", "Minutes")


@dataclass(frozen=True)
class Files:
    """The candidatures of a person, by what becomes of them."""

    drafts: list[int]  # erased
    over: list[int]  # lose their words
    left: list[int]  # to the others who hold them
    running: list[int]  # kept as they are

    @classmethod
    def of(cls, user):
        if user is None:
            return cls([], [], [], [])
        rows = Candidature.objects.held_by(user).annotate(hands=Count("holders"))
        alone = rows.filter(hands=1)
        drafts = alone.filter(status=Status.DRAFT)
        is_over = Q(status=Status.WITHDRAWN) | Q(edition__results_published_at__lte=Now())
        deposited = alone.exclude(status=Status.DRAFT)
        sets = [drafts, deposited.filter(is_over), rows.filter(hands__gt=1)]
        sets.append(deposited.exclude(is_over))
        return cls(*(list(found.order_by("pk").values_list("pk", flat=True)) for found in sets))


# What is said -----------------------------------------------------------------------------------


def refusal(person, *, by=None):
    """Why this person cannot be erased now, in French; nothing if they can. `by` is of the team."""
    user = person.user
    if user is None or is_stand_in(user):
        return ""
    if by == user:
        return "Nul ne s’efface soi-même\u202f: demandez à une autre personne de l’équipe."
    if user.is_superuser or user.is_active and set(user.roles) - {"jury"}:
        return (
            "Cette personne travaille dans l’administration\u202f: retirez-lui d’abord ses rôles, "
            "ou fermez son compte."
        )
    return ""


def is_stand_in(user):
    return User.objects.filter(pk=user.pk, **is_nobody()).exists()


def kept_of(person):
    """What stays of this person once erased, and why: a sentence each."""
    user = person.user
    if user is None:
        return []
    files = Files.of(user)
    running = Candidature.objects.filter(pk__in=files.running).order_by("pk")
    said = [
        f"Le compte et la candidature « {file} », déposée, jusqu’aux résultats\u202f: le jury la "
        "lit selon le règlement que cette personne a accepté. Retirée, elle s’efface aussitôt."
        for file in running
    ]
    if serves_jury(user):
        said.append(
            "Le compte et le nom, dans le travail du jury et à son procès-verbal, pendant "
            f"{duration('jury')} après les résultats\u202f: ils prouvent la décision."
        )
    if Laureate.objects.published().filter(candidature__in=files.over).exists():
        said.append(
            "Le nom du projet lauréat et de sa structure, qui sont publics\u202f; la référence du "
            f"versement, {duration('accounting')}, comme le veut le code de commerce."
        )
    if files.over:
        said.append(
            "L’empreinte, les dates, les thèmes et le département de chaque dépôt, et la décision, "
            "sans aucun nom\u202f: les chiffres de l’édition et son procès-verbal restent justes."
        )
    if files.left:
        said.append("Les candidatures tenues à plusieurs, qui restent à ceux qui les tiennent.")
    return said


def serves_jury(user):
    return any(
        field.model.objects.filter(**{field.name: user}).exists()
        for field in protected_fields()
        if field.model.__name__ in OF_JURY
    )


# What is done -----------------------------------------------------------------------------------


@transaction.atomic
def erase(email, *, by=None):
    """Erase a person; returns what stays, as `kept_of` says it. Raises NotAllowed."""
    User.objects.select_for_update().filter(email=email.strip().lower()).first()
    person = Person.of(email)
    if why_not := refusal(person, by=by):
        raise NotAllowed(why_not)
    kept = kept_of(person)
    with pgtrigger.ignore():
        files = erase_files(person.user)
        erase_registrations(person)
        for label in GONE:
            rows = rows_of(person, label)
            forget_acts(rows)
            rows.delete()
        if files.running or person.user and serves_jury(person.user):
            forget_free_consents(person, files)
        else:
            erase_address(person)
    if by:
        note(by)
    return kept


def erase_files(user):
    files = Files.of(user)
    Candidature.objects.select_for_update().in_bulk(files.drafts + files.over + files.left)
    forget_acts(Candidature.objects.filter(pk__in=files.drafts + files.over))
    candidatures.erase_drafts(Candidature.objects.filter(pk__in=files.drafts))
    candidatures.empty(Candidature.objects.filter(pk__in=files.over))
    hands = Candidature.holders.through.objects.filter(user=user, candidature__in=files.left)
    hands.delete()
    return files


def erase_registrations(person):
    """A place to come is given up, so that the next in line gets it; the others lose their name."""
    rows = rows_of(person, "events.Registration")
    forget_acts(rows)
    for registration in rows.active().select_related("event"):
        events.cancel(registration)
    unname_registrations(rows)


def forget_free_consents(person, files):
    """But those that a candidature under way is judged with."""
    running = Candidature.objects.filter(pk__in=files.running)
    own = Consent.objects.filter(email=person.email)
    own.exclude(about__in=running.values("uuid")).delete()


def erase_address(person):
    Consent.objects.filter(email=person.email).delete()
    rows_of(person, "post_office.Email").delete()
    MailSent.objects.filter(address=person.email).delete()
    if user := person.user:
        forget_acts(rows_of(person, "partners.Membership"))
        forget_acts(User.objects.filter(pk=user.pk))
        hand_over(user)
        forget_sessions(user)
        user.delete()


def hand_over(user):
    """What this person wrote of others' stays, and nobody knows whose it was."""
    other = nobody()
    for field in protected_fields():
        if field.model.__name__ not in OF_JURY:
            field.model.objects.filter(**{field.name: user}).update(**{field.name: other})
    events_of(Decision).objects.filter(letter_read_by=user).update(letter_read_by=other)
    Context.objects.filter(metadata__user=user.pk).update(metadata={})
    LogEntry.objects.filter(user=user).update(user=other)


def forget_acts(rows):
    """What the admin's history calls these rows: a name, a title that tells who."""
    about = ContentType.objects.get_for_model(rows.model)
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    acts = LogEntry.objects.filter(content_type=about, object_id__in=keys)
    acts.update(object_repr=NAME, change_message="")


def forget_sessions(user):
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def note(by):
    """That somebody was erased, and by whom; never who it was."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_repr=NAME,
        action_flag=DELETION,
        change_message="Effacée à sa demande.",
    )
