"""The plan of readings of an edition as the team sees it: loads, coverage, weakest points.

Of the first round alone: a shortlist is read by all, and needs no plan.

Everything is counted from the files that one may see: a file that a tie hides leaves no trace.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from trophies.assignment import EVERYONE_UP_TO, components
from trophies.models import Assignment, Candidature, JuryMember
from trophies.rounds import FIRST, is_first_over
from trophies.services.plan import barred_pairs, themes_by_file

UNEVEN = 3  # readings between the least and the most loaded: fewer may be those of a hidden file


@dataclass(eq=False)
class Seat:
    """A juror of the plan, and the covers of what they read."""

    member: JuryMember
    themes: list
    covers: list = field(default_factory=list)
    begun: list = field(default_factory=list)
    signed: list = field(default_factory=list)
    expected: int = 0  # files that nothing bars
    has_undeclared: bool = False  # a file came after they declared their ties

    def __str__(self):
        return str(self.member.user)

    @property
    def load(self):
        return len(self.covers)

    @property
    def drafts(self):
        """How many readings are begun and not signed."""
        return len(self.begun) - len(self.signed)

    @property
    def waiting(self):
        return len(self.covers) - len(self.begun)

    @property
    def is_full(self):
        return self.member.ceiling is not None and self.load >= self.member.ceiling

    @property
    def is_nearly_full(self):
        return self.member.ceiling is not None and self.load >= self.member.ceiling - 1

    @property
    def is_over(self):
        """Whether what is not begun goes beyond their ceiling."""
        ceiling = self.member.ceiling
        return ceiling is not None and self.load > max(ceiling, len(self.begun))


@dataclass(eq=False)
class Cover:
    """A file of the plan, the seats of its readers, and how many of them know one of its themes."""

    file: Candidature
    themes: set
    seats: list = field(default_factory=list)
    waiting: int = 0  # readings that are not begun
    knowing: int = 0
    asked: int = 0  # how many readers the rule gives it

    def __str__(self):
        return str(self.file)

    @property
    def readers(self):
        return len(self.seats)

    @property
    def is_lacking(self):
        return self.readers < self.asked

    @property
    def is_unknown(self):
        """Whether it has readers, none of whom knows a theme of it."""
        return bool(self.themes and self.seats and not self.knowing)


@dataclass
class WeakPoint:
    """What may go wrong, in words, and whom or what it is about: seats or covers."""

    text: str
    about: list = field(default_factory=list)


@dataclass
class Departure:
    """The files that a juror who leaves would leave with one reader, or with none."""

    seat: Seat
    one: list
    none: list


class Coverage:
    """`seats` of those who sit, `gone` of those who left, `covers`: the weakest file first.

    The same number of queries, however many rows.
    """

    def __init__(self, edition, user):
        self.edition = edition
        files = Candidature.objects.visible_to(user).eligible().filter(edition=edition)
        themes = themes_by_file(files)
        members = edition.jury_members.select_related("user", "organisation")
        seats = {
            member.pk: Seat(member, list(member.themes.all()))
            for member in members.prefetch_related("themes")
        }
        # Where no juror says what they know, that is what is weak, and not each file.
        self.has_themes = any(seat.themes for seat in seats.values())
        covers = {
            file.pk: Cover(file, themes.get(file.pk, set()) if self.has_themes else set())
            for file in files
        }
        read(seats, covers)
        expect(edition, seats.values(), covers.values())
        self.seats = [seat for seat in seats.values() if not seat.member.left_at]
        self.gone = [seat for seat in seats.values() if seat.member.left_at]
        self.covers = sorted(
            covers.values(),
            key=lambda cover: (cover.readers, cover.knowing, str(cover), cover.file.pk),
        )

    def seat_of(self, member):
        return next(seat for seat in [*self.seats, *self.gone] if seat.member == member)

    @property
    def is_closed(self):
        """Whether the plan changes no more."""
        return is_first_over(self.edition)

    @property
    def each(self):
        return self.edition.readings_per_file

    @property
    def most(self):
        """The end of the scale on which loads are drawn."""
        ceilings = [seat.member.ceiling or 0 for seat in self.seats]
        return max([1, *(seat.load for seat in self.seats), *ceilings])

    @property
    def is_given(self):
        """Whether somebody has something to read."""
        return any(cover.seats for cover in self.covers)

    @property
    def is_too_much(self):
        """Whether everyone is asked to read more files than a whole jury can."""
        return self.each is None and len(self.covers) > EVERYONE_UP_TO

    # What the rule asks for ---------------------------------------------------------------------

    @property
    def missing(self):
        """How many readings the plan lacks."""
        return sum(cover.asked - cover.readers for cover in self.covers if cover.is_lacking)

    @property
    def excess(self):
        """The files with too many readers, some of whom have not begun."""
        return [cover for cover in self.covers if cover.waiting and cover.readers > cover.asked]

    @property
    def idle(self):
        """Who reads nothing, and might."""
        return [seat for seat in self.seats if seat.expected and not seat.load and not seat.is_full]

    @property
    def over(self):
        return [seat for seat in self.seats if seat.is_over]

    @property
    def is_up_to_date(self):
        return not (self.missing or self.excess or self.idle or self.over)

    @property
    def is_wanted(self):
        """Whether a plan is to be made, or mended."""
        is_drawn = self.edition.plan_seed is not None or self.edition.is_open_to_jury
        return not (is_drawn and self.is_up_to_date)

    # What may go wrong --------------------------------------------------------------------------

    @property
    def apart(self):
        """The files that no chain of common readers joins to the greatest number of them."""
        if self.each == 1:
            return []
        seats, covers = [*self.seats, *self.gone], [cover for cover in self.covers if cover.seats]
        chosen = np.array([[seat in cover.seats for cover in covers] for seat in seats], dtype=bool)
        if not chosen.any():
            return []
        parts = components(chosen)[1][len(seats) :]
        greatest = np.bincount(parts).argmax()
        return [cover for cover, part in zip(covers, parts, strict=True) if part != greatest]

    @property
    def is_uneven(self):
        loads = [seat.load for seat in self.seats if not seat.is_full]
        return self.each is not None and bool(loads) and max(loads) - min(loads) >= UNEVEN

    @cached_property
    def departures(self):
        """What each juror would leave behind; what they signed stays. The worst first."""
        found = []
        for seat in self.seats:
            lost = [cover for cover in seat.covers if cover not in seat.signed]
            none = [cover for cover in lost if cover.readers == 1]
            one = [cover for cover in lost if cover.readers == 2]
            if one or none:
                found.append(Departure(seat, one, none))
        return sorted(found, key=lambda row: (-len(row.none), -len(row.one)))

    @property
    def weak_points(self):
        return [*self.weak_files(), *self.weak_seats()]

    def weak_files(self):
        unread = [cover for cover in self.covers if not cover.seats]
        lacking = [cover for cover in self.covers if cover.seats and cover.is_lacking]
        alone = [c for c in self.covers if c.readers == 1 and not c.is_lacking and self.each != 1]
        unknown = [cover for cover in self.covers if cover.is_unknown]
        yield from told(FILES, unread, "{} n’{has} aucun lecteur.")
        yield from told(FILES, lacking, "{} {has} moins de lecteurs que prévu.")
        yield from told(FILES, alone, "{} n’{has} qu’un lecteur possible.")
        yield from told(FILES, self.excess, "{} {has} plus de lecteurs que prévu.")
        yield from told(FILES, unknown, "{} n’{has} aucun lecteur qui connaisse {their} thème.")
        yield from told(FILES, self.apart, APART)
        if self.each == 1 and self.covers:
            yield WeakPoint(ONE_READING)

    def weak_seats(self):
        full = [seat for seat in self.seats if seat.is_nearly_full and not seat.is_over]
        undeclared = [seat for seat in self.seats if seat.has_undeclared]
        loads = [seat.load for seat in self.seats]
        yield from told(JURORS, self.over, "{} {has} plus de lectures que {their} plafond.")
        if self.seats and not self.has_themes:
            yield WeakPoint(NO_THEMES)
        yield from told(JURORS, self.idle, "{} n’{has} rien à lire.")
        if self.is_uneven:
            span = f"de {min(loads)} à {max(loads)}"
            yield WeakPoint(f"Les lectures ne sont pas égales\u202f: {span} par juré.")
        yield from told(JURORS, full, "{} {is} à {their} plafond, ou à une lecture près.")
        yield from told(JURORS, undeclared, UNDECLARED)


FILES, JURORS = ("Une candidature", "candidatures"), ("Un juré", "jurés")
ONE = {"has": "a", "is": "est", "their": "son", "theirs": "ses"}
MANY = {"has": "ont", "is": "sont", "their": "leur", "theirs": "leurs"}
APART = (
    "{} n’{has} aucun lecteur en commun avec les autres, même de proche en proche\u202f: {theirs} "
    "notes ne se comparent pas aux leurs."
)
ONE_READING = (
    "Une seule lecture par candidature\u202f: rien ne distingue un lecteur sévère d’un dossier "
    "faible."
)
NO_THEMES = (
    "Aucun juré n’a dit quels thèmes il connaît\u202f: rien n’assure à chaque candidature un "
    "lecteur qui connaisse le sien."
)
UNDECLARED = (
    "{} n’{has} pas encore déclaré {theirs} liens sur toutes les candidatures\u202f: celles qui "
    "restent ne s’ouvrent pas."
)


def told(nouns, about, text):
    """A weak point about these seats or covers, if there are any."""
    one, many = nouns
    if len(about) == 1:
        yield WeakPoint(text.format(one, **ONE), about)
    elif about:
        yield WeakPoint(text.format(f"{len(about)} {many}", **MANY), about)


def read(seats, covers):
    """Note who reads what, from the readings that count."""
    rows = Assignment.objects.counting().filter(candidature__in=list(covers), round=FIRST)
    fields = ["jury_member", "candidature", "evaluation", "evaluation__signed_at"]
    for member, file, evaluation, signed_at in rows.order_by("pk").values_list(*fields):
        seat, cover = seats[member], covers[file]
        seat.covers.append(cover)
        cover.seats.append(seat)
        cover.knowing += bool(cover.themes & {theme.slug for theme in seat.themes})
        if signed_at:
            seat.signed.append(cover)
        if evaluation:
            seat.begun.append(cover)
        else:
            cover.waiting += 1


def expect(edition, seats, covers):
    """Note what each might read and has to declare, and how many readers the rule gives a file."""
    barred = barred_pairs(edition)
    for cover in covers:
        might = [
            seat
            for seat in seats
            if not seat.member.left_at and (seat.member.pk, cover.file.pk) not in barred
        ]
        for seat in might:
            seat.expected += 1
            at = seat.member.declared_at
            seat.has_undeclared |= at is None or at < cover.file.screened_at
        left = sum(seat.member.left_at is not None for seat in cover.seats)
        cover.asked = (
            len(might) + left if edition.readings_per_file is None else (edition.readings_per_file)
        )
