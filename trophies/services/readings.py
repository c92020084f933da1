"""The jury: who reads what, and what each juror thinks of it."""

from django.db import transaction
from django.utils import timezone

from accounts.roles import Role
from trophies.models import Assignment, Evaluation, Score
from trophies.others import may_see_others
from trophies.rounds import FIRST
from trophies.services.detection import detect
from trophies.services.plan import distribute
from trophies.workflow import NotAllowed


@transaction.atomic
def appoint(jury_member):
    """Open the admin to a new juror, and give them their readings."""
    user = jury_member.user
    if Role.JURY not in user.roles:
        user.roles = [*user.roles, Role.JURY]
        user.save()
    detect(jury_member.edition, user=user)
    distribute(jury_member.edition)


OUTDATED = "Cette lecture a changé dans un autre onglet ou sur un autre appareil."
FINAL = "Vous avez lu les autres lectures de ce dossier\u202f: votre signature est définitive."


class Outdated(NotAllowed):
    """What is sent was written on a page that something else has overtaken."""


def version_of(evaluation):
    """What tells one state of an evaluation from another; "" before the first."""
    return evaluation.updated_at.isoformat() if evaluation else ""


def says(evaluation, written, levels):
    """Whether an evaluation holds exactly this."""
    return (
        evaluation is not None
        and all(getattr(evaluation, name) == value for name, value in written.items())
        and evaluation.levels == {criterion.pk: level for criterion, level in levels.items()}
    )


def lock(assignment):
    """The same reading, under a lock. Raises NotAllowed when a new plan took it away meanwhile."""
    row = Assignment.objects.select_for_update(of=["self"]).filter(pk=assignment.pk).first()
    if row is None:
        raise NotAllowed("Cette lecture ne vous est plus confiée.")
    return row


def refuse_unless_open(assignment):
    """Whether its own round is read now. Raises NotAllowed."""
    if not assignment.is_open:
        raise NotAllowed("Les lectures sont closes : votre évaluation ne change plus.")


@transaction.atomic
def save_evaluation(
    assignment, *, levels, comment_for_jury, comment_for_candidate, confidence=None, version=None
):
    """Keep what a juror has chosen so far. `levels`: criterion → 0 to 4, or None (sans objet).

    `version`: that of the page where it was written, `version_of(evaluation)`; None asks nothing.
    Raises NotAllowed when the readings are closed or this one is signed, Outdated when something
    else was kept since.
    """
    assignment = lock(assignment)
    refuse_unless_open(assignment)
    if assignment.is_signed:
        raise NotAllowed("Cette lecture est signée : reprenez-la pour la modifier.")
    written = {
        "comment_for_jury": comment_for_jury,
        "comment_for_candidate": comment_for_candidate,
        "confidence": confidence,
    }
    kept = getattr(assignment, "evaluation", None)
    if version is not None and version != version_of(kept):
        if not says(kept, written, levels):
            raise Outdated(OUTDATED)
        return kept  # sent twice: the first answer was lost on its way
    evaluation, _ = Evaluation.objects.update_or_create(assignment=assignment, defaults=written)
    evaluation.scores.exclude(criterion__in=levels).delete()
    for criterion, level in levels.items():
        Score.objects.update_or_create(
            evaluation=evaluation, criterion=criterion, defaults={"level": level}
        )
    return evaluation


def first_reading(assignment):
    """What the juror of a reading wrote of the same file in the first round, or None."""
    same = {
        "assignment__jury_member": assignment.jury_member_id,
        "assignment__candidature": assignment.candidature_id,
    }
    if assignment.round == FIRST:
        return None
    rows = Evaluation.objects.filter(**same, assignment__round=FIRST)
    return rows.select_related("assignment").first()


@transaction.atomic
def take_first_reading(assignment):
    """Begin a reading of the second round with what the juror wrote in the first, unsigned.

    Raises NotAllowed when there is no such reading, or when this one is begun already: nothing is
    ever written over.
    """
    assignment = lock(assignment)
    first = first_reading(assignment)
    if first is None:
        raise NotAllowed("Vous n’avez rien écrit de ce dossier au premier tour.")
    if hasattr(assignment, "evaluation"):
        raise NotAllowed("Cette lecture est déjà commencée\u202f: rien n’y est remplacé.")
    return save_evaluation(
        assignment,
        levels={row.criterion: row.level for row in first.scores.select_related("criterion")},
        comment_for_jury=first.comment_for_jury,
        comment_for_candidate=first.comment_for_candidate,
        confidence=first.confidence,
    )


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
    """Take a signature back, while the readings are open and until the others' were shown.

    Raises NotAllowed.
    """
    assignment = lock(assignment)
    refuse_unless_open(assignment)
    if hasattr(assignment, "evaluation") and assignment.evaluation.others_seen_at:
        raise NotAllowed(FINAL)
    Evaluation.objects.filter(assignment=assignment).update(signed_at=None)


@transaction.atomic
def show_others(assignment):
    """Let a juror read the others' of a file, when the edition does: they can change no more.

    Raises NotAllowed.
    """
    assignment = lock(assignment)
    if not may_see_others(assignment):
        raise NotAllowed("Les autres lectures de ce dossier ne se montrent pas.")
    if assignment.evaluation.others_seen_at is None:
        assignment.evaluation.others_seen_at = timezone.now()
        assignment.evaluation.save(update_fields=["others_seen_at"])
