"""The jury: who reads what, and what each juror thinks of it."""

import secrets

from django.db import transaction
from django.utils import timezone

from accounts.roles import Role
from trophies.models import Assignment, ConflictOfInterest, Evaluation, Score
from trophies.route import Phase
from trophies.workflow import NotAllowed

POSITIONS = 2**31


@transaction.atomic
def appoint(jury_member):
    """Open the admin to a new juror, and give them their readings."""
    user = jury_member.user
    if Role.JURY not in user.roles:
        user.roles = [*user.roles, Role.JURY]
        user.save()
    distribute(jury_member.edition)


def distribute(edition):
    """Everyone reads every eligible file but their own and those of their conflicts.

    Each in an order of chance.
    Adds what is missing, and nothing else: it may run again at any time.
    """
    members = edition.jury_members.sitting().values_list("pk", flat=True)
    files = edition.candidatures.eligible().values_list("pk", flat=True)
    assigned = Assignment.objects.filter(jury_member__edition=edition)
    known = {*tied_pairs(edition), *pairs_of(assigned), *own_files(edition)}
    missing = [
        (member, file) for member in members for file in files if (member, file) not in known
    ]
    Assignment.objects.bulk_create(
        [
            Assignment(jury_member_id=member, candidature_id=file, position=a_position())
            for member, file in missing
        ],
        ignore_conflicts=True,
    )


def pairs_of(rows):
    return rows.values_list("jury_member", "candidature")


def tied_pairs(edition):
    """The pairs of a juror and a file that a tie in force keeps apart."""
    ties = ConflictOfInterest.objects.in_force().filter(candidature__edition=edition)
    seats = dict(edition.jury_members.values_list("user", "pk"))
    return [
        (seats[user], file)
        for user, file in ties.values_list("user", "candidature")
        if user in seats
    ]


def own_files(edition):
    """The pairs that nobody may read: a juror and a candidature of theirs."""
    rows = edition.jury_members.filter(user__candidatures__edition=edition)
    return rows.values_list("pk", "user__candidatures")


def a_position():
    return secrets.randbelow(POSITIONS)


def lock(assignment):
    return Assignment.objects.select_for_update(of=["self"]).get(pk=assignment.pk)


def refuse_unless_open(assignment):
    if assignment.candidature.edition.phase != Phase.READING:
        raise NotAllowed("Les lectures sont closes : votre évaluation ne change plus.")


@transaction.atomic
def save_evaluation(assignment, *, levels, comment_for_jury, comment_for_candidate):
    """Keep what a juror has chosen so far. `levels`: criterion → 0 to 4, or None (sans objet).

    Raises NotAllowed when the readings are closed or this one is signed.
    """
    assignment = lock(assignment)
    refuse_unless_open(assignment)
    if assignment.is_signed:
        raise NotAllowed("Cette lecture est signée : reprenez-la pour la modifier.")
    comments = {
        "comment_for_jury": comment_for_jury,
        "comment_for_candidate": comment_for_candidate,
    }
    evaluation, _ = Evaluation.objects.update_or_create(assignment=assignment, defaults=comments)
    evaluation.scores.exclude(criterion__in=levels).delete()
    for criterion, level in levels.items():
        Score.objects.update_or_create(
            evaluation=evaluation, criterion=criterion, defaults={"level": level}
        )
    return evaluation


@transaction.atomic
def sign(assignment):
    """Sign a reading whose criteria all have a level. Raises NotAllowed."""
    assignment = lock(assignment)
    refuse_unless_open(assignment)
    evaluation = Evaluation.objects.filter(assignment=assignment).first()
    expected = assignment.candidature.edition.criteria.count()
    if evaluation is None or evaluation.scores.count() < expected:
        raise NotAllowed("Il reste des critères à choisir.")
    if evaluation.signed_at is None:
        evaluation.signed_at = timezone.now()
        evaluation.save(update_fields=["signed_at"])
    return evaluation


@transaction.atomic
def unsign(assignment):
    """Take a signature back, while the readings are open. Raises NotAllowed."""
    assignment = lock(assignment)
    refuse_unless_open(assignment)
    Evaluation.objects.filter(assignment=assignment).update(signed_at=None)


@transaction.atomic
def declare_conflict(assignment, *, reason):
    """From now on the juror finds no trace of this file. Their scores no longer count."""
    conflict, _ = ConflictOfInterest.objects.get_or_create(
        user=assignment.jury_member.user,
        candidature=assignment.candidature,
        defaults={"reason": reason},
    )
    return conflict
