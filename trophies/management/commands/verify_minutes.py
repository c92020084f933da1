from django.core.management.base import BaseCommand, CommandError

from rallynov.numbers import counted
from trophies.models import Minutes
from trophies.verification import first_difference


class Command(BaseCommand):
    """Exits with 1 as soon as one of them is not as it was sealed, after looking at each."""

    help = (
        "Vérifie les procès-verbaux scellés : sceau, journal, classement, scrutins, et ce que la "
        "base contient aujourd’hui. Dit la première différence de chacun."
    )

    def add_arguments(self, parser):
        parser.add_argument("année", nargs="?", type=int, help="une édition ; toutes, sans elle")
        parser.add_argument("numéro", nargs="?", type=int, help="une de ses séances")

    def handle(self, **options):
        found = list(chosen(options["année"], options["numéro"]))
        if not found:
            raise CommandError("Aucun procès-verbal scellé.")
        differences = [first_difference(minutes) for minutes in found]
        for minutes, difference in zip(found, differences, strict=True):
            self.stdout.write(difference or intact_text(minutes))
        if any(differences):
            raise SystemExit(1)


def chosen(year, session):
    rows = Minutes.objects.select_related("session__edition").prefetch_related("seats", "texts")
    if year is not None:
        rows = rows.filter(session__edition__year=year)
    if session is not None:
        rows = rows.filter(session__number=session)
    return rows.order_by("session__edition__year", "pk")


def intact_text(minutes):
    files = len(minutes.payload["files"])
    return (
        f"{minutes.reference}\u202f: intact, {counted(len(minutes.journal), 'ligne')} de journal, "
        f"{counted(files, 'dossier')}"
    )
