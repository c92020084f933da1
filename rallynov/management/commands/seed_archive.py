from django.core.management.base import BaseCommand

from rallynov.seed import archive


class Command(BaseCommand):
    help = (
        "Charge l’édition 2014 d’après la lettre de janvier 2015. Une fiche de 2014 corrigée "
        "depuis reprend son texte d’origine ; rien d’autre n’est touché."
    )

    def handle(self, **options):
        self.stdout.write("Édition 2014 :")
        archive.load(say=self.stdout.write)
        self.stdout.write("Édition 2014 : chargée.")
