"""A small edition that deliberated: what the tests of minutes begin with.

Six files, four jurors, one of whom has a tie with the second file; the third and the fourth file
are equal whatever the grid says, and a ballot separates them by the casting vote.
"""

from types import SimpleNamespace

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
from tests.trophies.meeting import IN, OUT, voices
from trophies import services
from trophies.models import Ballot, JuryMember, JurySession

TITLES = [
    "Le four de Paul Ancel",
    "Les semeuses",
    "La recyclerie du Lomont",
    "Le bus des aînés",
    "Une monnaie locale",
    "Le jardin d’hiver",
]
NAMES = ["Claire Marchand", "Denis Prévost", "Élise Baumont", "Farid Zerrouki"]
LEVELS = [  # by file, then by juror
    [(4, 4), (4, 3), (3, 4), (4, 4)],
    [(3, 4), (3, 3), (4, 3), None],
    [(3, 2), (2, 3), (3, 3), (3, 3)],
    [(2, 3), (3, 2), (3, 3), (3, 3)],
    [(1, 2), (1, 2), (2, 1), (1, 1)],
    [(1, 1), (0, 2), (1, 0), (1, 1)],
]
PLACE, REMARKS = "Chez Mme Laurent, à Besançon", "M. Zerrouki est sorti de lui-même."
QUESTIONS = ["Qui reçoit le prix que finance Mme Roy\u202f?", "Qui est finaliste\u202f?"]
COMMENTS = {
    "comment_for_jury": "Un avis de Claire Marchand, pour le jury.",
    "comment_for_candidate": "Un avis pour le porteur, Paul Ancel.",
}
TIE = "Sa compagne y est salariée."


def make_deliberated(**changes):
    """The world of a session that is closed, and not sealed."""
    edition = make_reading_edition(**{"year": 2044} | changes)
    criteria = [
        make_criterion(edition=edition, label="L’effet", weight=30, position=1),
        make_criterion(edition=edition, label="L’ancrage", weight=10, position=2),
    ]
    prizes = [
        make_prize(edition=edition, name="Prix Simone Roy", quantity=1, position=1),
        make_prize(edition=edition, name="Prix du village", quantity=2, position=2),
    ]
    files = [make_eligible(edition=edition, title=title) for title in TITLES]
    users = [make_user(roles=[Role.JURY], name=name) for name in NAMES]
    roles = [JuryMember.Role.PRESIDENT, *[JuryMember.Role.MEMBER] * 3]
    members = [
        make_jury_member(edition=edition, user=user, role=role)
        for user, role in zip(users, roles, strict=True)
    ]
    world = SimpleNamespace(
        edition=edition,
        criteria=criteria,
        prizes=prizes,
        files=files,
        users=users,
        members=members,
        secretary=make_user(roles=[Role.TEAM], name="Gaëlle Secrétaire"),
    )
    read_all(world)
    end_readings(edition)
    meet(world)
    world.session = JurySession.objects.get(pk=world.session.pk)
    return world


def read_all(world):
    tied = world.members[3].assignments.get(candidature=world.files[1])
    services.declare_conflict(tied, reason=TIE)
    for file, rows in zip(world.files, LEVELS, strict=True):
        for member, levels in zip(world.members, rows, strict=True):
            if levels:
                reading = member.assignments.get(candidature=file)
                make_evaluation(reading, levels, **COMMENTS)


def meet(world):
    """Two ballots; the tied juror is out for the first one, and the president breaks the second."""
    session = services.call_session(world.edition, starts_at=ahead(hours=-2), place=PLACE, quorum=3)
    world.session = session = services.open_session(session)
    services.add_person(session, user=world.secretary)
    for user in [*world.users, world.secretary]:
        services.move(session, user=user, state=IN)
    services.move(session, user=world.users[3], state=OUT)
    vote(session, QUESTIONS[0], world.files[:2], (2, 1), prize=world.prizes[0])
    services.move(session, user=world.users[3], state=IN)
    third = world.files[2]
    vote(session, QUESTIONS[1], world.files[2:4], (2, 2), casting=third.pk)
    decide(world)
    services.close_session(session)


def vote(session, question, files, figures, *, casting=None, prize=None):
    ballot = services.open_ballot(
        session, question=question, candidatures=files, seats=1, prize=prize
    )
    votes = voices(Ballot.objects.get(pk=ballot.pk), *figures)
    return services.close_ballot(ballot, votes=votes, abstentions=0, casting=casting)


def decide(world):
    """One laureate; the other prize goes to nobody."""
    outcomes = ["laureate", "reserve", "finalist", *["not_selected"] * 3]
    for file, outcome in zip(world.files, outcomes, strict=True):
        prize = world.prizes[0] if outcome == "laureate" else None
        services.decide(file, outcome=outcome, prize=prize, citation="Parce que.")


def seal(world, **changes):
    fields = {"by": world.secretary, "remarks": REMARKS} | changes
    return services.seal_minutes(world.session, **fields)
