from django.core.management.base import BaseCommand

from rallynov.numbers import counted
from rallynov.privacy.purge import STEPS, purge
from rallynov.privacy.register import BY_KEY

PLURALS = {
    "besoin d’accueil": "besoins d’accueil",
    "ligne d’historique": "lignes d’historique",
    "référence de versement": "références de versement",
    "fichier perdu": "fichiers perdus",
}
OTHERS = {"files": "Les fichiers sans propriétaire"}


class Command(BaseCommand):
    help = (
        "Efface ce qui a été gardé assez longtemps, selon le registre des données personnelles. "
        "Le worker le fait chaque jour ; on peut l’interrompre et le relancer."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="compte ce qui partirait, et ne change rien"
        )

    def handle(self, *, dry_run, **options):
        counts = purge(is_trial=dry_run)
        for step in STEPS:
            if said := told(counts[step.key]):
                self.stdout.write(f"{title_of(step.key)}\u202f: {said}")
        if not any(told(found) for found in counts.values()):
            self.stdout.write("Rien n’est gardé depuis trop longtemps.")
        elif dry_run:
            self.stdout.write("C’était un essai\u202f: rien n’a changé.")


def title_of(key):
    return BY_KEY[key].words["title"] if key in BY_KEY else OTHERS[key]


def told(found):
    """« 2 candidatures, 3 fichiers »; nothing for none."""
    return ", ".join(
        counted(count, word, PLURALS.get(word, "")) for word, count in found.items() if count
    )
