from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rallynov.seed import demo
from trophies.models import Edition


class Command(BaseCommand):
    help = (
        "Charge l’édition 2014 et la fiction d’exemple, comptes et mots de passe publics compris."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="ne fait rien s’il y a déjà une édition"
        )

    def handle(self, *, if_empty, **options):
        if not settings.EXAMPLE_MODE:
            raise CommandError(
                "Le contenu d’exemple ne se charge que sur la base d’exemple, sans DATABASE_URL. "
                "Pour l’édition 2014 seule : manage.py seed_archive."
            )
        if if_empty and Edition.objects.exists():
            return
        demo.load(say=self.stdout.write)
        self.stdout.write("Contenu d’exemple : chargé.")
