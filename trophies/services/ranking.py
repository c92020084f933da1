"""What the readings say once they are closed: what is ranked, and the ranking."""

from django.db.models import Sum

from trophies.models import Candidature, Evaluation
from trophies.ranking import Reading, rank
from trophies.rounds import FIRST
from trophies.workflow import NotAllowed


def ranking(edition, *, by):
    """The `Ranking` of the eligible files that `by` may see, on the levels' scale.

    After a second round, that of the shortlist. In the order of the edition's official column. A
    file that a conflict hides from `by` counts for nothing in it: a rank left out would name it.
    Raises NotAllowed while the jury reads: nobody sees an average before.
    """
    readings, weights, places = inputs(edition, by=by)
    return rank(readings, weights, places=places, official=edition.official_column)


def inputs(edition, *, by):
    """What `ranking` computes from: the readings that count, the weights, the number of places.

    Readings name files and jurors by their keys; the weights are in the order of the grid. Raises
    NotAllowed while the jury reads.
    """
    refuse_unread(edition)
    files = Candidature.objects.visible_to(by).eligible().filter(edition=edition)
    if edition.has_second_round:
        files = files.filter(shortlisted_at__isnull=False)
    return inputs_of(edition, files.values_list("pk", flat=True))


def inputs_of(edition, keys):
    """The same of the files that these keys name."""
    return given(Evaluation.objects.counting(edition), keys), weights_of(edition), places(edition)


def first_inputs_of(edition, keys):
    """What the first round alone said of these files."""
    first = Evaluation.objects.signed(edition).filter(assignment__round=FIRST)
    return given(first, keys), weights_of(edition), places(edition)


def refuse_unread(edition):
    if not edition.has_been_read:
        raise NotAllowed("Les moyennes ne se voient qu’une fois les lectures closes.")


def given(evaluations, keys):
    keys = set(keys)
    return [
        Reading(row.assignment.candidature_id, row.assignment.jury_member_id, row.levels)
        for row in evaluations.order_by("pk")
        if row.assignment.candidature_id in keys
    ]


def weights_of(edition):
    return {criterion.pk: criterion.weight for criterion in edition.criteria.all()}


def places(edition):
    return edition.prizes.aggregate(Sum("quantity", default=0))["quantity__sum"]
