from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rallynov.privacy.erasure import erase, kept_of, refusal
from rallynov.privacy.person import Person, held_by
from rallynov.privacy.takeout import name_of, write_takeout
from trophies.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Dit ce que le site garde d’une adresse, en écrit la copie, ou l’efface. L’équipe le fait "
        "dans l’administration (« Répondre à une personne »)\u202f; ceci sert quand elle ne peut."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="l’adresse électronique de la personne")
        gesture = parser.add_mutually_exclusive_group()
        gesture.add_argument("--copy", type=Path, help="le fichier ZIP à écrire")
        gesture.add_argument("--erase", action="store_true", help="efface, pour de bon")

    def handle(self, *, email, copy, erase, **options):
        person = Person.of(email)
        if erase:
            self.erase(person)
        elif copy:
            self.copy(person, copy)
        else:
            self.tell(person)

    def tell(self, person):
        for treatment, found in held_by(person):
            for label, rows in found:
                self.stdout.write(
                    f"{treatment.words['title']}\u202f: {name_of(label)}, {rows.count()}"
                )
        for sentence in kept_of(person):
            self.stdout.write(f"Resterait\u202f: {sentence}")
        if why_not := refusal(person):
            self.stdout.write(why_not)

    def copy(self, person, path):
        try:
            with path.open("xb") as file:
                write_takeout(person, file, site=settings.SITE_URL)
        except FileExistsError as error:
            raise CommandError(f"{path} existe déjà\u202f: donnez un autre nom.") from error
        self.stdout.write(
            f"{path} est écrit. Il dit tout d’une personne\u202f: effacez-le ensuite."
        )

    def erase(self, person):
        try:
            kept = erase(person.email)
        except NotAllowed as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("C’est effacé.")
        for sentence in kept:
            self.stdout.write(f"Reste\u202f: {sentence}")
