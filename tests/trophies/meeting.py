"""What the tests of a meeting of the jury begin with: a jury that has read, in its room."""

from accounts.roles import Role
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.models import Candidature, ConflictOfInterest, JurySession, Presence

IN, OUT, ABSENT = Presence.State.PRESENT, Presence.State.OUT, Presence.State.ABSENT
PLANNED = {"starts_at": ahead(days=1), "place": "Salle Courbet, Besançon"}


def better_first(place, rank):
    """The level that the juror of this rank gives to the file of this place."""
    return max(0, min(4, 3 - place + (rank + place) % 2))


def make_read_edition(*, files=3, jurors=3, titles=(), level=better_first, **changes):
    """An edition that deliberates: each juror has read each file; the first files are the best."""
    edition = make_reading_edition(**changes)
    make_criterion(edition=edition)
    make_prize(edition=edition, quantity=1, name="Prix du jury")
    names = [*titles, *(f"Dossier {place}" for place in range(len(titles), files))]
    rows = [make_eligible(edition=edition, title=name) for name in names]
    for rank in range(jurors):
        user = make_user(roles=[Role.JURY], name=f"Juré {rank}")
        member = make_jury_member(edition=edition, user=user)
        for place, file in enumerate(rows):
            reading = member.assignments.get(candidature=file)
            make_evaluation(reading, [level(place, rank)], comment_for_jury=f"Avis sur {file}.")
    end_readings(edition)
    return edition


def files_of(edition):
    return list(edition.candidatures.order_by("pk"))


def users_of(edition):
    return [seat.user for seat in edition.jury_members.select_related("user").order_by("pk")]


def make_session(edition, *, quorum=2, is_open=True, present=None):
    """A session of the jury, with those `present` in the room (all the jury, by default)."""
    session = services.call_session(edition, **PLANNED, quorum=quorum)
    if is_open:
        session = services.open_session(session)
    for user in users_of(edition) if present is None else present:
        services.move(session, user=user, state=IN)
    return JurySession.objects.get(pk=session.pk)


def make_ballot(session, *, files=None, seats=1, **changes):
    fields = {"question": "Qui reçoit le prix du jury\u202f?"} | changes
    candidatures = files_of(session.edition) if files is None else files
    return services.open_ballot(session, candidatures=candidatures, seats=seats, **fields)


def voices(ballot, *figures):
    """The voices of the files of a ballot, in their order."""
    keys = ballot.choices.order_by("pk").values_list("candidature", flat=True)
    return dict(zip(keys, figures, strict=True))


def tie(user, file, **changes):
    fields = {"reason": "Une cousine."} | changes
    return ConflictOfInterest.objects.create(user=user, candidature=file, **fields)


def chosen(ballot):
    rows = Candidature.objects.filter(ballot_choices__ballot=ballot)
    return [str(file) for file in rows.filter(ballot_choices__is_chosen=True).order_by("pk")]
