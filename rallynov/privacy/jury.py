"""Juries whose work was kept long enough: their figures stay, and nobody knows whose they were.

Each person of an edition gives way to an account of nobody, the same one everywhere in it: what one
reader gave still goes together, as the ranking needs it. Sealed minutes stay as they are: they name
nobody (`trophies.minutes`), and what stands beside them goes.
"""

from pghistory.models import Context

from accounts.models import User
from partners.models import Organisation
from rallynov.privacy.candidatures import alone
from rallynov.privacy.nobody import REASON, is_nobody, nobody, somebody_else
from trophies import services
from trophies.journal import SOURCES, Everything, events_of
from trophies.models import (
    Ballot,
    ConflictOfInterest,
    Evaluation,
    JuryMember,
    JurySession,
    Minutes,
    MinutesSeat,
    Presence,
    StatusChange,
)

OF_FILE = "candidature__edition"
COMMENTS = dict.fromkeys(["comment_for_jury", "comment_for_candidate"], "")


def people_of(edition):
    """Rows that say who somebody was in the jury of an edition, history included."""
    sessions = JurySession.objects.filter(edition=edition)
    return [
        JuryMember.objects.filter(edition=edition),
        ConflictOfInterest.objects.filter(**{OF_FILE: edition}),
        events_of(ConflictOfInterest).objects.filter(**{OF_FILE: edition}),
        Presence.objects.filter(session__in=sessions),
        events_of(Presence).objects.filter(session__in=sessions),
        MinutesSeat.objects.filter(minutes__session__in=sessions),
    ]


def named_in(edition):
    """The users of those rows; but those who are nobody already."""
    keys = set()
    for rows in people_of(edition):
        keys |= set(rows.order_by().values_list("user", flat=True))
    return User.objects.filter(pk__in=keys).exclude(**is_nobody()).order_by("pk")


def replace(edition, user):
    """From now on nobody knows that it was `user` who read, voted and declared in this edition."""
    other = somebody_else()
    for rows in people_of(edition):
        rows.filter(user=user).update(user=other)


def anonymise(edition):
    """Take the people and the words out of a jury's work; returns how many people it was."""
    for minutes in Minutes.objects.filter(session__edition=edition):
        services.erase_people(minutes)
    people = list(named_in(edition))
    for user in people:
        replace(edition, user)
    if people:
        forget_firms(JuryMember.objects.filter(edition=edition))
        erase_words(edition)
        erase_hands(edition)
        forget_who_wrote(edition)
    return {"juré": len(people)}


def forget_firms(seats):
    """Whom jurors sat for; an organisation that nothing else names goes."""
    firms = list(seats.exclude(organisation=None).values_list("organisation", flat=True))
    seats.update(organisation=None)
    alone(Organisation.objects.filter(pk__in=firms)).delete()


def erase_words(edition):
    sessions = JurySession.objects.filter(edition=edition)
    readings = Evaluation.objects.filter(assignment__candidature__edition=edition)
    readings.update(**COMMENTS)
    # Those that are gone too.
    given = Everything(edition).readings
    events_of(Evaluation).objects.filter(pgh_obj__in=given).update(**COMMENTS)
    for rows in (JurySession.objects, events_of(JurySession).objects):
        rows.filter(edition=edition).exclude(place="").update(place=REASON)
    for rows in (Ballot.objects, events_of(Ballot).objects):
        rows.filter(session__in=sessions).update(question=REASON)


def erase_hands(edition):
    """Why there was a tie, who ruled on it and why, who sealed."""
    for rows in (ConflictOfInterest.objects, events_of(ConflictOfInterest).objects):
        ties = rows.filter(**{OF_FILE: edition})
        for name in ("reason", "ruling_reason"):
            ties.exclude(**{name: ""}).update(**{name: REASON})
        ties.filter(ruled_by__isnull=False).update(ruled_by=nobody())
    Minutes.objects.filter(session__edition=edition).update(sealed_by=nobody())


def forget_who_wrote(edition):
    """Beside each line of the history of an edition, whose request wrote it."""
    everything = Everything(edition)
    for source in SOURCES:
        if source.model is not StatusChange:
            rows = source.rows(source.model.objects.order_by(), everything)
            keys = rows.exclude(pgh_context=None).values("pgh_context")
            Context.objects.filter(pk__in=keys).update(metadata={})
