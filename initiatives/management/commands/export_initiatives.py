"""Exports initiatives to a file that `import_initiatives` reads back to the same sheets."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from initiatives.directory import Directory
from initiatives.models import Initiative
from initiatives.transfer.exporting import table, write_workbook
from rallynov.numbers import number
from rallynov.spreadsheets import TooLong, csv_chunks


class Command(BaseCommand):
    help = (
        "Écrit les initiatives dans un fichier .csv ou .xlsx, que import_initiatives sait relire."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", type=Path)
        parser.add_argument(
            "--filtre",
            metavar="ADRESSE",
            help="ce que dit l’adresse de l’annuaire après « ? » : theme=mobilite&departement=25",
        )

    def handle(self, *, file, filtre, **options):
        kind = file.suffix.lower()
        if kind not in (".csv", ".xlsx"):
            raise CommandError("Donnez au fichier un nom en .csv ou en .xlsx.")
        rows = Directory(QueryDict(filtre)).rows if filtre else Initiative.objects.all()
        self.done, lines = 0, self.counted(table(rows))
        try:
            with file.open("wb") as target:
                if kind == ".xlsx":
                    write_workbook(lines, target)
                else:
                    target.writelines(csv_chunks(lines))
        except (OSError, TooLong) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{number(self.done)} initiatives dans {file}."))

    def counted(self, lines):
        for self.done, line in enumerate(lines):
            if self.done % 500 == 0:
                self.stderr.write(f"{number(self.done)} initiatives", ending="\r")
            yield line
