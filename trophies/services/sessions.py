"""The meetings of the jury: who is called, who is in the room, what is voted."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.roles import Role
from rallynov.numbers import counted
from trophies.ballots import Casting, Impossible, count
from trophies.models import Ballot, BallotChoice, JurySession, Presence
from trophies.room import names_text, room_of
from trophies.route import Phase
from trophies.services.plan import lock as lock_edition
from trophies.workflow import NotAllowed


class CastingNeeded(NotAllowed):
    """Files are level, and the vote of `chair` separates them: `tied` are the candidatures."""

    def __init__(self, chair, tied):
        self.chair, self.tied = chair, tied
        role = chair.get_role_display()
        super().__init__(
            f"Il y a égalité\u202f: la {role} a voix prépondérante. Notez ce que dit {chair.user}."
        )


def lock(session):
    """The same session, read again under a lock: what is true in its room stays true meanwhile."""
    rows = JurySession.objects.select_for_update(of=["self"])
    return rows.select_related("edition").get(pk=session.pk)


def locked_open(session):
    session = lock(session)
    if not session.is_open:
        raise NotAllowed(f"La séance {session.number} n’est pas ouverte.")
    return session


def locked_unclosed(session):
    session = lock(session)
    if session.is_closed:
        raise NotAllowed(f"La séance {session.number} est levée\u202f: elle ne change plus.")
    return session


# The meeting ------------------------------------------------------------------------------------


@transaction.atomic
def call_session(edition, *, starts_at, place, quorum):
    """The next session of an edition: everyone who sits is called. Raises NotAllowed."""
    edition = lock_edition(edition)
    if edition.phase == Phase.PUBLISHED:
        raise NotAllowed("Les résultats sont publiés\u202f: le jury ne se réunit plus.")
    check_quorum(edition, quorum)
    last = edition.jury_sessions.aggregate(Max("number", default=0))["number__max"]
    session = JurySession.objects.create(
        edition=edition, number=last + 1, starts_at=starts_at, place=place, quorum=quorum
    )
    call_jurors(session)
    return session


def check_quorum(edition, quorum):
    sitting = edition.jury_members.sitting().count()
    if quorum > sitting:
        raise NotAllowed(
            "Ce quorum ne serait jamais atteint\u202f: "
            f"{counted(sitting, 'personne siège', 'personnes siègent')} dans ce jury."
        )


def call_jurors(session):
    """A presence, absent, for whoever sits and has none; in the order of the seats."""
    sitting = session.edition.jury_members.sitting().exclude(user__jury_presences__session=session)
    Presence.objects.bulk_create(
        Presence(session=session, user_id=user)
        for user in sitting.order_by("pk").values_list("user", flat=True)
    )


@transaction.atomic
def change_session(session, *, starts_at, place, quorum):
    """Move a session, until it opens: the rules of a vote are those that were announced."""
    session = lock(session)
    if session.opened_at:
        raise NotAllowed("Cette séance s’est ouverte\u202f: ni sa date ni son quorum ne changent.")
    check_quorum(session.edition, quorum)
    session.starts_at, session.place, session.quorum = starts_at, place, quorum
    session.save()
    return session


@transaction.atomic
def open_session(session):
    """The jury sits. Those who joined it since the call are called too."""
    edition = lock_edition(session.edition)
    session = lock(session)
    if session.opened_at:
        raise NotAllowed(f"La séance {session.number} est déjà ouverte.")
    check_deliberating(edition)
    if other := edition.jury_sessions.filter(opened_at__isnull=False, closed_at=None).first():
        raise NotAllowed(f"Levez d’abord la séance {other.number}, qui est encore ouverte.")
    session.opened_at = timezone.now()
    session.save(update_fields=["opened_at"])
    call_jurors(session)
    return session


def check_deliberating(edition):
    if not edition.is_deliberating:
        raise NotAllowed("Le jury délibère entre la fin des lectures et la publication.")


@transaction.atomic
def close_session(session):
    session = locked_open(session)
    if ballot := session.ballots.filter(closed_at=None).first():
        raise NotAllowed(f"Le scrutin {ballot.number} est ouvert\u202f: dépouillez-le d’abord.")
    session.closed_at = timezone.now()
    session.save(update_fields=["closed_at"])
    return session


# The room ---------------------------------------------------------------------------------------


def may_attend(session, user):
    """Whether a person may be called: of the team, or of the jury. Others have no place there."""
    if not user.is_active:
        return False
    is_team = user.is_superuser or Role.TEAM in user.roles
    return is_team or session.edition.jury_members.sitting().filter(user=user).exists()


@transaction.atomic
def add_person(session, *, user):
    """Somebody of the team attends, without a voice; or a juror who joined since the call."""
    session = locked_unclosed(session)
    if not may_attend(session, user):
        raise NotAllowed(f"{user} n’est ni de l’équipe ni de ce jury.")
    return Presence.objects.get_or_create(session=session, user=user)[0]


@transaction.atomic
def move(session, *, user, state):
    """A person comes in, goes out, is not there. A second click changes nothing."""
    session = locked_unclosed(session)
    presence = session.presences.filter(user=user).first()
    if presence is None or state not in Presence.State:
        raise NotAllowed("Cette personne n’est pas appelée à cette séance.")
    if presence.state != state:
        presence.state = state
        presence.save(update_fields=["state"])
    return presence


# The votes --------------------------------------------------------------------------------------


@transaction.atomic
def open_ballot(session, *, question, candidatures, seats, prize=None):
    """Put a question to the vote, on files of the edition. Raises NotAllowed."""
    session = locked_open(session)
    edition, files = session.edition, {file.pk: file for file in candidatures}
    check_deliberating(edition)
    if session.ballots.filter(closed_at=None).exists():
        raise NotAllowed("Un scrutin est déjà ouvert\u202f: dépouillez-le, ou abandonnez-le.")
    if not files:
        raise NotAllowed("Choisissez au moins un dossier.")
    if edition.candidatures.eligible().filter(pk__in=files).count() < len(files):
        raise NotAllowed("Un de ces dossiers n’est pas parmi ceux que ce jury juge.")
    if not 1 <= seats <= len(files):
        raise NotAllowed("Il passe un dossier au moins, et pas plus que ceux qui sont proposés.")
    if prize and prize.edition_id != edition.pk:
        raise NotAllowed("Ce prix est d’une autre édition.")
    last = session.ballots.aggregate(Max("number", default=0))["number__max"]
    ballot = Ballot.objects.create(
        session=session, number=last + 1, question=question, seats=seats, prize=prize
    )
    BallotChoice.objects.bulk_create(
        BallotChoice(ballot=ballot, candidature=file) for file in files.values()
    )
    return ballot


@transaction.atomic
def close_ballot(ballot, *, votes, abstentions, casting=None):
    """Count the votes for good; return the ballot.

    `votes`: key of a candidature → its voices, one for each file of the ballot; `casting`: the key
    of the file to which the casting vote goes, or `Casting.AGAINST`. Raises NotAllowed, and
    CastingNeeded when somebody in the room has to break a tie. If nobody can, the files that are
    level do not pass.
    """
    session = locked_open(ballot.session)
    ballot = locked_ballot(ballot)
    choices = choices_of(ballot)
    room = room_of(session)
    check_room(room, choices)
    if casting is not None and room.casting is None:
        raise NotAllowed("Personne dans la salle n’a voix prépondérante dans cette édition.")
    found = count_of(choices, votes, len(room.voters), abstentions, ballot.seats, casting)
    if casting is None and found.tied and room.casting:
        raise CastingNeeded(room.casting, found.tied)
    # First the choices: once the ballot is closed, a trigger keeps them as they are.
    for choice in choices:
        choice.votes = votes[choice.candidature_id]
        choice.is_chosen = choice.candidature in found.chosen
        choice.has_casting_vote = choice.candidature_id == casting
        choice.save()
    ballot.voters.set(room.voters)
    ballot.casting_by = room.casting if casting is not None else None
    ballot.abstentions, ballot.closed_at = abstentions, timezone.now()
    ballot.save()
    return ballot


def locked_ballot(ballot):
    """Whoever comes second finds what the first one did."""
    found = Ballot.objects.select_for_update().filter(pk=ballot.pk).first()
    if found is None:
        raise NotAllowed("Ce scrutin a été abandonné.")
    if found.is_closed:
        raise NotAllowed(f"Le scrutin {found.number} est déjà dépouillé.")
    return found


def choices_of(ballot):
    """Its choices, each with its file, named as it was deposited."""
    rows = ballot.choices.select_related("candidature").prefetch_related("candidature__deposits")
    choices = list(rows.order_by("pk"))
    for choice in choices:
        choice.candidature.title = choice.candidature.last_deposit.title
    return choices


def check_room(room, choices):
    """The quorum is there, and nobody is who has a tie with a file of the ballot."""
    if not room.has_quorum:
        present = counted(len(room.voters), "juré")
        raise NotAllowed(
            f"Le quorum n’est pas atteint\u202f: {present} dans la salle, il en faut "
            f"{room.session.quorum}."
        )
    for choice in choices:
        if people := room.recusals.get(choice.candidature_id):
            names = names_text(people)
            raise NotAllowed(
                f"Lien d’intérêts avec «\u202f{choice.candidature}\u202f»\u202f: ce scrutin se "
                f"dépouille une fois que {names} {'sont' if people[1:] else 'est'} hors "
                "de la salle."
            )


def count_of(choices, votes, voters, abstentions, seats, casting):
    """The `Count` of the candidatures, so that a refusal names them. Raises NotAllowed."""
    files = {choice.candidature_id: choice.candidature for choice in choices}
    if votes.keys() != files.keys():
        raise NotAllowed("Notez les voix de chaque dossier de ce scrutin, et d’eux seuls.")
    try:
        return count(
            {files[key]: voices for key, voices in votes.items()},
            voters=voters,
            abstentions=abstentions,
            seats=seats,
            casting=casting if casting in (None, Casting.AGAINST) else files.get(casting, casting),
        )
    except Impossible as refusal:
        raise NotAllowed(str(refusal)) from refusal


@transaction.atomic
def drop_ballot(ballot):
    """A question that is not put after all; a counted vote stays."""
    locked_open(ballot.session)
    locked_ballot(ballot).delete()
