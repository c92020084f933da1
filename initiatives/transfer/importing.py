"""An import, whole: every line is really written, under the database's own rules, in one
transaction, which is undone for a trial and when a line is refused. So a trial tells the truth.
"""

from collections import Counter
from itertools import islice

from django.db import DataError, IntegrityError, transaction

from initiatives.transfer import judging
from initiatives.transfer.finding import Claims, Resemblances, Sheets
from initiatives.transfer.judging import Line, Verdict
from initiatives.transfer.known import Known
from initiatives.transfer.writing import refusal_of, write
from rallynov.locks import take_lock

BATCH = 200
REFUSALS = (IntegrityError, DataError, ValueError)
WRITTEN = (Verdict.NEW, Verdict.UPDATED)


class Busy(Exception):
    """Two imports at once could write the same sheet twice; the message is French."""


class Import:
    """A table, for a person (`user`; None sees everything). `report` takes each batch of lines."""

    def __init__(self, table, *, user=None, with_duplicates=False, report):
        self.table, self.report = table, report
        self.with_duplicates = with_duplicates
        self.known = Known(user)
        self.claims = Claims()
        self.counts = Counter()

    @property
    def is_refused(self):
        return bool(self.counts[Verdict.REFUSED])

    def run(self, *, is_kept):
        """Judge and write every line; undo it all unless `is_kept` and nothing is refused."""
        with transaction.atomic():
            self.lock()
            self.claims.open()
            rows = (Line(number, cells) for number, cells in self.table.rows())
            while batch := list(islice(rows, BATCH)):
                self.take(batch)
            transaction.set_rollback(self.is_refused or not is_kept)
        return self.counts

    def lock(self):
        """Be the only import until the transaction ends. Raises Busy."""
        if not take_lock("import_initiatives"):
            raise Busy("Un autre import est en cours : recommencez dans quelques minutes.")

    def take(self, lines):
        self.known.forget()
        self.understand(lines)
        sheets = Sheets(lines, self.known, self.claims)
        for line in lines:
            judging.decide(line, sheets.of(line))
        self.compare([line for line in lines if line.verdict == Verdict.NEW], sheets.keys)
        self.write([line for line in lines if line.verdict in WRITTEN])
        self.claims.add(
            [line for line in lines if line.sheet and line.verdict in (*WRITTEN, Verdict.UNCHANGED)]
        )
        for line in lines:
            self.counts[line.verdict] += 1
            self.counts["corrected"] += bool(line.corrections)
        self.report(lines)

    def understand(self, lines):
        for line in lines:
            judging.read(line, self.known)
        named = [
            one for line in lines for name in judging.ROLES for one in line.values.get(name, ())
        ]
        sirens = [siren for line in lines for siren in line.values.get("sirens", ())]
        self.known.organisations.learn(named, sirens)
        for line in lines:
            judging.name_organisations(line, self.known.organisations)

    def compare(self, lines, keys):
        resemblances = Resemblances(lines, self.known, self.claims, keys)
        for line in lines:
            text, sheet = resemblances.of(line)
            if text and not self.with_duplicates:
                line.verdict, line.sheet, line.remarks = Verdict.DUPLICATE, sheet, [text]
                continue
            line.remarks.extend([text] if text else [])
            resemblances.earlier.append(line)

    def write(self, lines):
        """All at once; if the database refuses, one by one, to tell which."""
        try:
            with transaction.atomic():
                write(lines)
        except REFUSALS:
            for line in lines:
                self.write_alone(line)

    def write_alone(self, line):
        try:
            with transaction.atomic():
                write([line])
        except REFUSALS as error:
            line.verdict = Verdict.REFUSED
            line.reasons.append(refusal_of(error))
