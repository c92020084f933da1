"""Imports initiatives from a file: a trial, unless asked to write."""

import csv
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from initiatives.transfer.importing import Busy, Import
from initiatives.transfer.models import ImportLine, in_words
from initiatives.transfer.reading import Unreadable, open_table
from rallynov.numbers import number
from rallynov.spreadsheets import guarded

TOLD = (ImportLine.Verdict.DUPLICATE, ImportLine.Verdict.REFUSED)
REPORT = ["Ligne", "Verdict", "Titre", "Fiche", "Remarques"]


class Command(BaseCommand):
    help = "Lit des initiatives dans un fichier .csv ou .xlsx. Rien n’est écrit sans --ecrire."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", type=Path)
        parser.add_argument("--ecrire", action="store_true", help="écrire, si rien n’est refusé")
        parser.add_argument(
            "--doublons", action="store_true", help="écrire aussi les doublons probables"
        )
        parser.add_argument(
            "--rapport", metavar="RAPPORT.csv", type=Path, help="le verdict de chaque ligne"
        )

    def handle(self, *, file, ecrire, doublons, rapport, **options):
        with ExitStack() as held:
            try:
                table = open_table(held.enter_context(file.open("rb")))
                self.total = table.count()
            except (OSError, Unreadable) as error:
                raise CommandError(str(error)) from error
            self.say_columns(table)
            self.writer = self.report_writer(held, rapport)
            an_import = Import(table, with_duplicates=doublons, report=self.report)
            try:
                counts = an_import.run(is_kept=ecrire)
            except (Busy, Unreadable) as error:
                raise CommandError(str(error)) from error
        self.conclude(counts, is_kept=ecrire, is_refused=an_import.is_refused)

    def say_columns(self, table):
        ignored = [header for header, name in table.columns if header and not name]
        if ignored:
            self.stderr.write(
                f"Colonnes que rien ne reconnaît, laissées de côté : {', '.join(ignored)}."
            )

    def report_writer(self, held, path):
        if path is None:
            return None
        file = held.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
        writer = csv.writer(file, delimiter=";")
        writer.writerow(REPORT)
        return writer

    def report(self, lines):
        for line in lines:
            verdict = ImportLine.Verdict(line.verdict).label
            if self.writer:
                slug, notes = line.sheet.slug if line.sheet else "", " ".join(line.notes)
                cells = [str(line.number), verdict, line.title, slug, notes]
                self.writer.writerow(map(guarded, cells))
            if line.verdict in TOLD or line.corrections:
                self.stdout.write(f"Ligne {line.number}, {verdict} : {' '.join(line.notes)}")
        done = lines[-1].number - 1
        self.stderr.write(f"{number(done)} lignes sur {number(self.total)}", ending="\r")

    def conclude(self, counts, *, is_kept, is_refused):
        self.stderr.write("")
        self.stdout.write(in_words(counts))
        if is_refused:
            raise CommandError("Rien n’est écrit : corrigez les lignes refusées, puis recommencez.")
        end = "C’est écrit." if is_kept else "C’était un essai : --ecrire pour écrire."
        self.stdout.write(self.style.SUCCESS(end))
