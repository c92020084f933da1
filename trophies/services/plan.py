"""Who reads what in an edition: the plan, what is repaired of it, a juror who leaves."""

import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from itertools import product

from django.db import transaction
from django.utils import timezone

from trophies.assignment import File, Infeasible, Juror, assign
from trophies.models import Assignment, Candidature, ConflictOfInterest, Deposit, Edition
from trophies.ordering import balanced_orders
from trophies.rounds import FIRST, SECOND, is_first_over
from trophies.workflow import NotAllowed

SEEDS = 2**31
POSITIONS = 2**30  # only the order counts; what comes after the last one still has room
UNSAID = (
    "Ce plan n’est pas possible\u202f: il manque des jurés libres, ou des plafonds sont trop bas."
)


@dataclass(frozen=True)
class Key:
    """A row as the plan knows it, whose refusals name it as people do."""

    pk: int
    name: str = field(compare=False)

    def __str__(self):
        return self.name


# The rows ---------------------------------------------------------------------------------------


def lock(edition):
    """The same edition, read again under a lock: two plans are never made at once."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def barred_pairs(edition):
    """The pairs (juror, file) that nobody may read: ties in force, and one's own files."""
    return {*tied_pairs(edition), *own_files(edition)}


def tied_pairs(edition):
    ties = ConflictOfInterest.objects.in_force().filter(candidature__edition=edition)
    seats = dict(edition.jury_members.values_list("user", "pk"))
    return [
        (seats[user], file)
        for user, file in ties.values_list("user", "candidature")
        if user in seats
    ]


def own_files(edition):
    rows = edition.jury_members.filter(user__candidatures__edition=edition)
    return rows.values_list("pk", "user__candidatures")


def themes_by_file(files):
    """The slugs of the themes of each file, by its key, from its last deposit."""
    last = Deposit.objects.filter(candidature__in=files).order_by("candidature", "-number")
    rows = last.distinct("candidature").values_list("candidature", "payload__themes")
    return {file: {theme["slug"] for theme in themes} for file, themes in rows}


class Situation:
    """What `assign` is asked of an edition. Pairs are of primary keys: (juror, file).

    `begun` holds the readings that count and have an evaluation, `waiting` those that have none.
    """

    def __init__(self, edition):
        self.edition = edition
        self.members = list(edition.jury_members.select_related("user").prefetch_related("themes"))
        barred = barred_pairs(edition)
        self.files = list(edition.candidatures.eligible().order_by("pk"))
        counting = Assignment.objects.counting().filter(candidature__in=self.files, round=FIRST)
        rows = counting.values_list("jury_member", "candidature", "evaluation")
        self.begun = {(member, file) for member, file, evaluation in rows if evaluation}
        self.waiting = {(member, file) for member, file, evaluation in rows if not evaluation}
        left = {member.pk for member in self.members if member.left_at}
        self.barred = {
            (member.pk, file.pk)
            for member in self.members
            for file in self.files
            if (member.pk, file.pk) in barred
            or (member.pk in left and (member.pk, file.pk) not in self.begun)
        }
        self.leave_out_full_files()

    def leave_out_full_files(self):
        """What has enough readers already is no question any more, nor is what nobody may read.

        A tie that is ruled away gives its reading back, which may be one too many.
        """
        each, readers = self.edition.readings_per_file, Counter(file for _, file in self.begun)
        barred = Counter(file for _, file in self.barred)
        if each is None:
            self.files = [file for file in self.files if barred[file.pk] < len(self.members)]
        else:
            self.files = [file for file in self.files if readers[file.pk] <= each]

    def plan(self, *, kept, seed):
        """The pairs of the plan. Raises Infeasible."""
        themes = themes_by_file(self.files)
        files = {file.pk: Key(file.pk, f"« {file} »") for file in self.files}
        jurors = {member.pk: Key(member.pk, str(member.user)) for member in self.members}

        def keyed(pairs):
            return [(jurors[juror], files[file]) for juror, file in pairs if file in files]

        plan = assign(
            [File(key, themes.get(pk, ())) for pk, key in files.items()],
            [self.juror(member, jurors[member.pk], files) for member in self.members],
            keyed(self.barred),
            readings_per_file=self.edition.readings_per_file,
            fixed=keyed(self.begun),
            kept=keyed(kept),
            seed=seed,
        )
        return {(juror.pk, file.pk) for juror, file in plan.assignments}

    def juror(self, member, key, files):
        """A ceiling never forbids what is begun, and counts what is read of the full files."""
        begun = [file for juror, file in self.begun if juror == member.pk]
        elsewhere = sum(file not in files for file in begun)
        ceiling = member.ceiling
        if ceiling is not None:
            ceiling = max(ceiling, len(begun)) - elsewhere
        return Juror(key, {theme.slug for theme in member.themes.all()}, ceiling)


# The plan ---------------------------------------------------------------------------------------


@transaction.atomic
def make_plan(edition, *, by):
    """Give the readings anew, by a new draw; once the jury is open, repair them only.

    A reading that is begun stays; a repair moves as few of the others as it can. Raises
    NotAllowed, with a message that `by` may read.
    """
    edition = lock(edition)
    if is_first_over(edition):
        raise NotAllowed("Les lectures sont closes\u202f: le plan ne change plus.")
    replan(edition, by=by, is_new=not edition.is_open_to_jury)


def replan(edition, *, by, is_new):
    if is_new or edition.plan_seed is None:
        edition.plan_seed = secrets.randbelow(SEEDS)
    rows = unbegun(Assignment.objects.filter(jury_member__edition=edition, round=FIRST))
    situation = Situation(edition)
    try:
        plan = situation.plan(kept=() if is_new else situation.waiting, seed=edition.plan_seed)
    except Infeasible as refusal:
        raise NotAllowed(said_to(by, situation, refusal)) from refusal
    edition.save(update_fields=["plan_seed"])
    stale = [
        pk
        for pk, *pair in rows.values_list("pk", "jury_member", "candidature")
        if is_new or tuple(pair) not in plan
    ]
    rows.filter(pk__in=stale).delete()
    give(edition, plan, spread(plan, edition.plan_seed) if is_new else None)


def unbegun(rows):
    """Those of the readings that have no evaluation, under a lock: none is begun meanwhile."""
    locked = [row.pk for row in rows.select_for_update(of=["self"]).order_by("pk")]
    return Assignment.objects.filter(pk__in=locked, evaluation=None)


def said_to(by, situation, refusal):
    """The message of a refusal, as if there were no file that a tie hides from `by`."""
    files = situation.edition.candidatures.eligible()
    seen = set(Candidature.objects.visible_to(by).filter(pk__in=files).values_list("pk", flat=True))
    shown = [file for file in situation.files if file.pk in seen]
    if len(shown) == len(situation.files):
        return str(refusal)
    situation.files = shown
    situation.begun = {pair for pair in situation.begun if pair[1] in seen}
    try:
        situation.plan(kept=(), seed=0)
    except Infeasible as other:
        return str(other)
    return UNSAID


@transaction.atomic
def distribute(edition):
    """Where everyone reads everything, add the readings that are missing, and nothing else.

    It may run again at any time; a shortlist that is read now is read by all, too. Where a plan
    says who reads what, the team makes it or repairs it; where a ceiling forbids to read
    everything, the page of the plan says so.
    """
    edition = lock(edition)
    if edition.is_in_second_round:
        give_shortlist(edition)
    if edition.readings_per_file is not None:
        return
    try:
        plan = Situation(edition).plan(kept=(), seed=0)
    except Infeasible:
        return
    give(edition, plan)


def give(edition, plan, positions=None):
    """Write the readings of a plan that do not exist, at these positions or at those of chance."""
    given = Assignment.objects.filter(jury_member__edition=edition, round=FIRST)
    missing = sorted(plan - set(given.values_list("jury_member", "candidature")))
    if positions is None:
        is_open = edition.is_open_to_jury
        positions = after_the_last(missing, given) if is_open else scattered(missing)
    write(missing, positions, FIRST)


def give_shortlist(edition):
    """Write the readings of the second round that do not exist: each file to all who may read it.

    What is there stays, in its order. A seat's ceiling is that of a long list, and no bar here.
    """
    files = edition.candidatures.eligible().filter(shortlisted_at__isnull=False)
    seats = edition.jury_members.sitting().values_list("pk", flat=True)
    pairs = set(product(seats, files.values_list("pk", flat=True))) - barred_pairs(edition)
    given = Assignment.objects.filter(jury_member__edition=edition, round=SECOND)
    known = set(given.values_list("jury_member", "candidature"))
    missing = sorted(pairs - known)
    drawn = after_the_last(missing, given) if known else spread(missing, secrets.randbelow(SEEDS))
    write(missing, drawn, SECOND)


def write(pairs, positions, number):
    Assignment.objects.bulk_create(
        Assignment(
            jury_member_id=pair[0],
            candidature_id=pair[1],
            round=number,
            position=positions[pair],
        )
        for pair in pairs
    )


# The order --------------------------------------------------------------------------------------


def spread(plan, seed):
    """Orders balanced by position, over the room of positions: others may come between."""
    orders = balanced_orders(sorted(plan), seed=seed)
    loads = Counter(member for member, _ in plan)
    return {
        pair: (2 * position + 1) * POSITIONS // (2 * loads[pair[0]])
        for pair, position in orders.items()
    }


def scattered(pairs):
    """Positions of chance; those of one file lie one in each part of the orders of its readers."""
    chance, by_file = secrets.SystemRandom(), {}
    for pair in pairs:
        by_file.setdefault(pair[1], []).append(pair)
    return {
        pair: int((part + chance.random()) * POSITIONS / len(mine))
        for mine in by_file.values()
        for part, pair in enumerate(chance.sample(mine, len(mine)))
    }


def after_the_last(pairs, given):
    """Nobody's order changes under their eyes: what is new comes last, in an order of chance."""
    last = Counter()
    for member, position in given.values_list("jury_member", "position"):
        last[member] = max(last[member], position)
    positions = {}
    for pair in random.SystemRandom().sample(pairs, len(pairs)):
        last[pair[0]] += 1
        positions[pair] = last[pair[0]]
    return positions


# A juror leaves ---------------------------------------------------------------------------------


@transaction.atomic
def drop_out(member, *, by):
    """A juror leaves: what they signed stays, the rest goes to the others where a plan is made.

    Of a second round nothing moves: what they did not sign counts no more, until they come back.
    The departure holds even where the plan cannot be repaired: the page of the plan says what it
    lacks. Returns the refusal then, in words that `by` may read, else nothing.
    """
    edition = lock(member.edition)
    if not edition.jury_members.sitting().filter(pk=member.pk).update(left_at=timezone.now()):
        return ""
    unbegun(Assignment.objects.filter(jury_member=member.pk, round=FIRST)).delete()
    if edition.readings_per_file is None or edition.plan_seed is None or is_first_over(edition):
        return ""
    try:
        replan(edition, by=by, is_new=False)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def come_back(member):
    """A juror who had left sits again; a plan that is made gives them readings when repaired.

    In a second round they find theirs again, and those of a shortlist chosen without them.
    """
    edition = lock(member.edition)
    edition.jury_members.filter(pk=member.pk).update(left_at=None)
    distribute(edition)
