"""The minutes of a session: sealed once, then unchanged but for what may be erased of people."""

from django.db import transaction
from django.utils import timezone

from trophies.minutes import drawn_up
from trophies.models import Candidature, Edition, JurySession, Minutes, MinutesSeat, MinutesText
from trophies.models.edition import IS_SEALED
from trophies.rounds import FIRST, SECOND
from trophies.seals import digest_of, journal_of, seal_of
from trophies.services.ranking import first_inputs_of, inputs, refuse_unread
from trophies.workflow import NotAllowed

HAS_CHANGED = (
    "Quelque chose a changé depuis que vous avez relu ce procès-verbal\u202f: le voici tel "
    "qu’il est maintenant."
)


def refuse_sealed(edition):
    """Raise NotAllowed where decisions are sealed. For an edition that is locked, so that no seal
    comes in between.
    """
    if edition.is_sealed:
        raise NotAllowed(IS_SEALED)


@transaction.atomic
def seal_minutes(session, *, by, remarks="", seen=""):
    """Seal the minutes of a session that is closed: nothing of them changes any more.

    `seen`: the `Draft.version` that `by` read, if they read one. The edition is locked, so that no
    decision is written meanwhile. Raises NotAllowed.
    """
    edition = Edition.objects.select_for_update().get(pk=session.edition_id)
    session = JurySession.objects.select_for_update(of=["self"]).get(pk=session.pk)
    session.edition = edition
    if refusal := why_not_sealed(session, by=by):
        raise NotAllowed(refusal)
    draft, journal = draft_minutes(session, by=by, remarks=remarks), journal_of(edition)
    if seen not in ("", draft.version):
        raise NotAllowed(HAS_CHANGED)
    previous = Minutes.objects.filter(session__edition=edition).order_by("pk").last()
    previous_seal = previous.seal if previous else ""
    minutes = Minutes.objects.create(
        session=session,
        payload=draft.payload,
        journal=journal,
        previous_seal=previous_seal,
        seal=seal_of(draft.payload, previous_seal, journal),
        sealed_at=timezone.now(),
        sealed_by=by,
    )
    keep_beside(minutes, draft)
    return minutes


def draft_minutes(session, *, by, remarks=""):
    """The `Draft` of the minutes of a session, as they stand. Raises NotAllowed while jurors read.

    What it says is what `by` may see: whoever has a tie with a file has nothing to do here.
    """
    rounds = rounds_of(session.edition, by)
    return drawn_up(session, by=by, rounds=rounds, remarks=remarks)


def rounds_of(edition, by):
    """What each round of readings is computed from, by its number."""
    refuse_unread(edition)
    if not edition.has_second_round:
        return {FIRST: inputs(edition, by=by)}
    files = Candidature.objects.visible_to(by).eligible().filter(edition=edition)
    keys = list(files.values_list("pk", flat=True))
    return {FIRST: first_inputs_of(edition, keys), SECOND: inputs(edition, by=by)}


def why_not_sealed(session, *, by):
    """Why this person cannot seal the minutes of a session, in French; empty if they can."""
    edition = session.edition
    if edition.hides_from(by):
        return "Vous ne pouvez pas faire cela."
    if not session.is_closed:
        return "La séance n’est pas levée\u202f: son procès-verbal se scelle après."
    if session.is_sealed:
        return "Ce procès-verbal est déjà scellé."
    if edition.is_in_second_round:
        return "Le jury lit encore son second tour\u202f: scellez le procès-verbal après."
    earlier = edition.jury_sessions.filter(number__lt=session.number, opened_at__isnull=False)
    if left := earlier.filter(minutes=None).order_by("number").first():
        return f"Scellez d’abord le procès-verbal de la séance {left.number}."
    return ""


def keep_beside(minutes, draft):
    """Whom the codes stand for, and what the texts say: rows that may be erased."""
    MinutesSeat.objects.bulk_create(
        MinutesSeat(minutes=minutes, code=code, user=user, name=str(user))
        for code, user in draft.users.items()
    )
    MinutesText.objects.bulk_create(
        MinutesText(minutes=minutes, digest=digest_of(salt, text), salt=salt, text=text)
        for text, salt in draft.texts.salts.items()
    )


# What may be erased -----------------------------------------------------------------------------


@transaction.atomic
def erase_people(minutes):
    """From now on nobody knows whom the codes of these minutes stood for."""
    minutes.seats.update(user=None, name="")


@transaction.atomic
def erase_texts(minutes):
    """From now on nobody knows what the texts of these minutes said, and nobody guesses it."""
    minutes.texts.update(text="", salt="")
