"""Who reads what: an exact, fair and connected plan of readings. Pure: no Django, no database.

A plan is found by whole-number programming (HiGHS, through `scipy.optimize.milp`), one wish after
the other; what a wish reached holds for those that follow:

1. one connected graph of jurors and files, without which a calibration has no meaning;
2. in a repair, as many as possible of the readings given before;
3. loads as even as ceilings and conflicts allow;
4. for each file, a juror who knows one of its themes;
5. the best worst-off file, then the best total: a reading fits when themes meet.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_flow

Pair = tuple[Hashable, Hashable]  # juror id, file id
EVERYONE_UP_TO = 25  # files that a whole jury can read
MOST_CUTS = 20  # attempts at a connected graph


@dataclass(frozen=True)
class File:
    id: Hashable
    themes: Collection[Hashable] = frozenset()


@dataclass(frozen=True)
class Juror:
    id: Hashable
    themes: Collection[Hashable] = frozenset()  # those that the juror knows
    ceiling: int | None = None  # readings at most; None: no ceiling


@dataclass(frozen=True)
class Plan:
    """`assignments`: pairs (juror id, file id), in the order of the jurors, then of the files."""

    assignments: tuple[Pair, ...]
    warnings: tuple[str, ...] = ()  # in French: what could not be had


class Infeasible(Exception):
    """No plan exists; the French message names the files or the jurors in the way."""


def assign(
    files: Sequence[File],
    jurors: Sequence[Juror],
    conflicts: Iterable[Pair],
    *,
    readings_per_file: int | None,
    fixed: Iterable[Pair] = (),
    kept: Iterable[Pair] = (),
    seed: int,
) -> Plan:
    """The best plan in which no juror reads a file of their conflicts.

    Each file gets exactly `readings_per_file` jurors; with None, everyone reads everything outside
    conflicts, which suits `EVERYONE_UP_TO` files. `fixed` pairs are part of the plan: the readings
    done or under way. As many `kept` pairs as possible are: the readings given and not begun, so
    that a repair moves as little as it can; those that are impossible by now (a conflict, a juror
    or a file that is not there) are left out. Equal plans are told apart by `seed`; the same
    arguments give the same plan. Raises Infeasible, and ValueError for a pair of the others that
    names nobody.
    """
    problem = Problem(files, jurors, conflicts, fixed, kept, readings_per_file)
    problem.refuse_wrong_fixed()
    if readings_per_file is None:
        chosen = problem.everything()
    else:
        problem.refuse_impossible()
        chosen = Solver(problem, np.random.default_rng(seed)).best()
    return Plan(problem.pairs_of(chosen), tuple(problem.warnings(chosen)))


class Problem:
    """The question as arrays, a row for each juror and a column for each file.

    `allowed`, `fixed`, `kept`, `fits`: booleans, jurors × files. `ceilings`: whole numbers, by
    juror.
    """

    def __init__(self, files, jurors, conflicts, fixed, kept, readings_per_file):
        self.files, self.jurors = list(files), list(jurors)
        self.readings_per_file = readings_per_file
        self.columns = {file.id: column for column, file in enumerate(self.files)}
        self.rows = {juror.id: row for row, juror in enumerate(self.jurors)}
        self.shape = len(self.jurors), len(self.files)
        self.allowed = ~self.mask(conflicts)
        self.fixed = self.mask(fixed)
        self.kept = self.mask(pair for pair in kept if self.names(pair)) & self.allowed
        self.fits = np.array(
            [[bool(set(j.themes) & set(f.themes)) for f in self.files] for j in self.jurors],
            dtype=bool,
        ).reshape(self.shape)
        most = len(self.files)
        self.ceilings = np.array(
            [most if j.ceiling is None else min(j.ceiling, most) for j in self.jurors], dtype=int
        )

    def names(self, pair):
        return pair[0] in self.rows and pair[1] in self.columns

    def mask(self, pairs):
        mask = np.zeros(self.shape, dtype=bool)
        for juror, file in pairs:
            if not self.names((juror, file)):
                raise ValueError(f"unknown pair: {juror!r}, {file!r}")
            mask[self.rows[juror], self.columns[file]] = True
        return mask

    def pairs_of(self, chosen):
        return tuple(
            (self.jurors[row].id, self.files[column].id) for row, column in np.argwhere(chosen)
        )

    def named(self, things, mask):
        return ", ".join(
            str(thing.id) for thing, is_named in zip(things, mask, strict=True) if is_named
        )

    # What stands in the way ---------------------------------------------------------------------

    def refuse_wrong_fixed(self):
        wrong = self.fixed & ~self.allowed
        if wrong.any():
            self.refuse("Des lectures gardées opposent un juré à un lien d’intérêts", wrong)
        loads, readers = self.fixed.sum(axis=1), self.fixed.sum(axis=0)
        if (loads > self.ceilings).any():
            names = self.named(self.jurors, loads > self.ceilings)
            raise Infeasible(f"Des jurés ont déjà plus de lectures que leur plafond : {names}.")
        most = self.readings_per_file
        if most is not None and (readers > most).any():
            names = self.named(self.files, readers > most)
            raise Infeasible(f"Des candidatures ont déjà plus de {most} lecteurs : {names}.")

    def refuse(self, said, mask):
        pairs = [f"{juror} et {file}" for juror, file in self.pairs_of(mask)]
        raise Infeasible(f"{said} : {', '.join(pairs)}.")

    def everything(self):
        loads = self.allowed.sum(axis=1)
        if (loads > self.ceilings).any():
            names = self.named(self.jurors, loads > self.ceilings)
            raise Infeasible(f"Chacun lit tout, et le plafond de ces jurés est plus bas : {names}.")
        if not self.allowed.any(axis=0).all():
            names = self.named(self.files, ~self.allowed.any(axis=0))
            raise Infeasible(f"Aucun juré ne peut lire : {names}.")
        return self.allowed

    def refuse_impossible(self):
        """Name the files that lack readers, by the cut of a flow from files to jurors."""
        jurors, files = self.shape
        source, sink = files + jurors, files + jurors + 1
        capacity = np.zeros((sink + 1, sink + 1), dtype=np.int32)
        free = self.allowed & ~self.fixed
        capacity[:files, files:source] = free.T
        capacity[source, :files] = self.readings_per_file - self.fixed.sum(axis=0)
        capacity[files:source, sink] = self.ceilings - self.fixed.sum(axis=1)
        flow = maximum_flow(csr_array(capacity), source, sink).flow.toarray()
        if flow[source].sum() == capacity[source].sum():
            return
        reached = reachable(capacity - flow, source)
        lacking, full = reached[:files], reached[files:source]
        said = f"Impossible de donner {self.readings_per_file} lecteurs à chaque candidature. "
        said += f"Pas assez de jurés libres pour : {self.named(self.files, lacking)}."
        if full.any():
            said += f" Jurés à leur plafond : {self.named(self.jurors, full)}."
        raise Infeasible(said)

    # What could not be had ----------------------------------------------------------------------

    def warnings(self, chosen):
        loads = chosen.sum(axis=1)
        if self.readings_per_file is not None and len(loads) and np.ptp(loads) > 1:
            yield f"Les lectures ne sont pas égales : de {loads.min()} à {loads.max()} par juré."
        if components(chosen)[0] > 1:
            yield (
                "Le plan n’est pas d’un seul tenant : des candidatures n’ont aucun juré en commun "
                "avec les autres, même de proche en proche. Leurs notes ne se comparent pas."
            )
        has_themes = np.array([bool(file.themes) for file in self.files], dtype=bool)
        unknown = has_themes & ~(chosen & self.fits).any(axis=0)
        if unknown.any():
            yield f"Aucun lecteur ne connaît le thème de : {self.named(self.files, unknown)}."
        alone = chosen.sum(axis=0) < 2
        if self.readings_per_file is None and alone.any():
            yield f"Un seul lecteur : {self.named(self.files, alone)}."


def reachable(residual, source):
    """Which nodes the edges with something left lead to from `source`: booleans, by node."""
    reached = np.zeros(len(residual), dtype=bool)
    reached[source], waiting = True, [source]
    while waiting:
        found = (residual[waiting.pop()] > 0) & ~reached
        reached |= found
        waiting.extend(np.flatnonzero(found))
    return reached


def components(chosen):
    """The number of connected parts of a plan, and the part of each juror, then of each file.

    A juror who reads nothing is in no part (-1).
    """
    jurors, files = chosen.shape
    graph = np.zeros((jurors + files,) * 2, dtype=bool)
    graph[:jurors, jurors:] = chosen
    labels = connected_components(csr_array(graph), directed=False)[1]
    labels[:jurors][~chosen.any(axis=1)] = -1
    return len(set(labels) - {-1}), labels


class Solver:
    """The whole-number programme of a problem with so many readings for each file.

    Variables: one for each allowed pair (0 or 1); for each juror, what is under and over an even
    load; for each file, whether somebody knows its theme; the fit of the worst-off file.
    """

    def __init__(self, problem, chance):
        self.problem = problem
        self.pairs = np.argwhere(problem.allowed)  # shape: variables × (row, column)
        jurors, files = problem.shape
        self.chance = chance.random(len(self.pairs))
        sizes = np.cumsum([len(self.pairs), jurors, jurors, files, 1])
        self.under, self.over = (slice(*sizes[i : i + 2]) for i in (0, 1))
        self.known, self.worst = slice(*sizes[2:4]), sizes[3]
        self.size = sizes[-1]
        self.constraints = [*self.readers(), *self.loads(), *self.knowledge()]

    def blank(self, rows=1):
        return np.zeros((rows, self.size))

    def by_file(self, weights):
        """Rows that sum the pairs of each file, each with its weight: files × variables."""
        rows = self.blank(self.problem.shape[1])
        rows[self.pairs[:, 1], np.arange(len(self.pairs))] = weights
        return rows

    def by_juror(self):
        rows = self.blank(self.problem.shape[0])
        rows[self.pairs[:, 0], np.arange(len(self.pairs))] = 1
        return rows

    @property
    def fits(self):
        return self.problem.fits[tuple(self.pairs.T)].astype(float)

    # What holds ---------------------------------------------------------------------------------

    def readers(self):
        each = self.problem.readings_per_file
        yield LinearConstraint(csr_array(self.by_file(1.0)), each, each)
        yield LinearConstraint(csr_array(self.by_juror()), 0, self.problem.ceilings)

    def loads(self):
        """Loads between two neighbouring levels, or at a juror's own ceiling below them."""
        caps = np.minimum(self.problem.ceilings, self.problem.allowed.sum(axis=1))
        level = even_level(caps, self.problem.readings_per_file * self.problem.shape[1])
        low, high = self.by_juror(), self.by_juror()
        low[:, self.under] = np.eye(len(caps))
        high[:, self.over] = -np.eye(len(caps))
        yield LinearConstraint(csr_array(low), np.minimum(caps, level), np.inf)
        yield LinearConstraint(csr_array(high), -np.inf, np.minimum(caps, level + 1))

    def knowledge(self):
        """`known` and `worst` never say more than the readers of a file know."""
        fits = self.by_file(self.fits)
        known, worst = -fits, -fits
        known[:, self.known] += np.eye(len(fits))
        yield LinearConstraint(csr_array(known), -np.inf, 0)
        worst = worst[fits.any(axis=1)]
        worst[:, self.worst] = 1
        yield LinearConstraint(csr_array(worst), -np.inf, 0)

    @property
    def bounds(self):
        low, high = np.zeros(self.size), np.full(self.size, np.inf)
        low[: len(self.pairs)] = self.problem.fixed[tuple(self.pairs.T)]
        high[: len(self.pairs)] = high[self.known] = 1
        high[self.worst] = self.problem.readings_per_file
        return Bounds(low, high)

    # What is wished, one after the other --------------------------------------------------------

    def wishes(self):
        kept, even, known, worst, total = (self.blank()[0] for _ in range(5))
        kept[: len(self.pairs)] = -self.problem.kept[tuple(self.pairs.T)].astype(float)
        even[self.under] = even[self.over] = 1
        known[self.known] = -1
        worst[self.worst] = -1
        # What tells equal plans apart weighs less than one fit.
        total[: len(self.pairs)] = -self.fits + self.chance / (2 * len(self.pairs) + 1)
        return [*([kept] if kept.any() else []), even, known, worst, total]

    def best(self):
        """The plan as booleans, jurors × files; connected if any plan is."""
        chosen = self.solve(self.constraints)
        cuts = []
        for _ in range(MOST_CUTS if self.may_connect else 0):
            count, parts = components(chosen)
            if count == 1:
                break
            cuts.extend(self.cuts(parts))
            connected = self.solve([*self.constraints, *cuts])
            if connected is None:
                break
            chosen = connected
        return chosen

    @property
    def may_connect(self):
        """With one reader each, files are joined by nothing; nor are those that no juror joins."""
        return self.problem.readings_per_file > 1 and components(self.problem.allowed)[0] == 1

    def cuts(self, parts):
        """For each part of a plan, at least one reading that leads out of it."""
        jurors = self.problem.shape[0]
        inside = parts[self.pairs[:, 0]], parts[jurors + self.pairs[:, 1]]
        for part in set(parts) - {-1}:
            row = self.blank()
            row[0, : len(self.pairs)] = (inside[0] == part) ^ (inside[1] == part)
            yield LinearConstraint(csr_array(row), 1, np.inf)

    def solve(self, constraints):
        """The best plan under these constraints, or None."""
        held, found = list(constraints), None
        integrality = np.zeros(self.size)
        integrality[: len(self.pairs)] = 1
        for wish in self.wishes():
            answer = milp(wish, constraints=held, bounds=self.bounds, integrality=integrality)
            if answer.x is None:
                return None
            found = answer.x
            held.append(LinearConstraint(csr_array(wish[None]), -np.inf, answer.fun + 1e-6))
        chosen = np.zeros(self.problem.shape, dtype=bool)
        chosen[tuple(self.pairs[found[: len(self.pairs)] > 0.5].T)] = True
        return chosen


def even_level(caps, total):
    """The highest level that everyone reaches, or their cap, within `total` readings."""
    level = 0
    while level < max(caps, default=0) and np.minimum(caps, level + 1).sum() <= total:
        level += 1
    return level
