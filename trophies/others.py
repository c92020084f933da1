"""What a juror may read of the others' readings of a file: the one place that says so."""

from trophies.models import Assignment, Evaluation
from trophies.models.edition import OthersShown
from trophies.rounds import FIRST


def may_see_others(assignment):
    """Whether a juror who asks for it is shown what the others wrote of a file.

    While a shortlist is read, nothing of the first round: everyone reads it alone again.
    """
    edition = assignment.candidature.edition
    if edition.is_in_second_round and assignment.round == FIRST:
        return False
    shown = {
        OthersShown.NEVER: False,
        OthersShown.SIGNED: True,
        OthersShown.CLOSED: edition.has_been_read,
    }
    return assignment.is_signed and shown[edition.others_shown]


def others_of(assignment):
    """The signed readings of the others of the same file, once they were asked for; else none.

    The reading screen shows them, and nothing else does: no list, no count, no order. Theirs is a
    random order, for that of their signatures might tell who they are.
    """
    is_shown = may_see_others(assignment) and assignment.evaluation.others_seen_at
    if not is_shown:
        return Evaluation.objects.none()
    same = {"candidature": assignment.candidature_id, "round": assignment.round}
    others = Assignment.objects.counting().filter(**same).exclude(pk=assignment.pk)
    signed = Evaluation.objects.filter(assignment__in=others, signed_at__isnull=False)
    return signed.prefetch_related("scores").order_by("assignment__uuid")
