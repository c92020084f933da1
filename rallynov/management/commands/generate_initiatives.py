"""Fills a database with invented sheets, to see how the portal bears a national bank."""

import random
import re
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from initiatives.models import Condition, Initiative, InitiativeTheme, Support, Theme
from partners.models import Organisation
from places.models import Commune
from rallynov.seed.rows import FOLDER, read

BATCH = 1000
SHEETS_PER_ORGANISATION = 5
SYLLABLES = re.findall("..", "babichacodoufagrijoulamanenopariresatovauve")
TEXTS = ["need", "response", "people", "effects"]


class Command(BaseCommand):
    help = "Invente des initiatives d’exemple, pour les mesures."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, metavar="N", help="combien d’initiatives")

    def handle(self, *, number, **options):
        if not settings.EXAMPLE_MODE and Initiative.objects.filter(is_example=False).exists():
            raise CommandError("Cette base tient de vraies initiatives : rien n’y est inventé.")
        invention = Invention(random.Random(number))
        for done in range(0, number, BATCH):
            size = min(BATCH, number - done)
            with transaction.atomic():
                invention.write(size)
            self.stderr.write(f"{done + size} / {number}", ending="\r")
        self.stdout.write(self.style.SUCCESS(f"\n{number} initiatives inventées."))


def new_keys(number):
    table = Initiative._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, number],
        )
        return [row[0] for row in cursor.fetchall()]


class Invention:
    """Sheets made of the sentences of the example ones, in communes as people live in them."""

    def __init__(self, chance):
        self.chance = chance
        rows = [row for path in sorted(FOLDER.glob("initiatives*.json")) for row in read(path.name)]
        texts = [row[name] for row in rows for name in TEXTS]
        self.sentences = [s for text in texts for s in re.split(r"(?<=[.!?])\s+", text) if s]
        self.summaries = [row["summary"] for row in rows]
        self.nouns = [re.sub(r"^(?:Les|Le|La|L’)\s?", "", row["title"]) for row in rows]
        self.communes = list(Commune.objects.exclude(population=None))
        self.weights = [commune.population + 200 for commune in self.communes]
        self.themes = list(Theme.objects.all())
        self.conditions = list(Condition.objects.all())
        self.now = timezone.now()

    def write(self, size):
        """The links first, whose keys are checked at the end: each sheet's search text is then
        written once, whole.
        """
        keys = new_keys(size)
        organisations = self.organisations(keys[::SHEETS_PER_ORGANISATION])
        sheets = [self.sheet(pk) for pk in keys]
        InitiativeTheme.objects.bulk_create(
            InitiativeTheme(initiative=sheet, theme=theme, position=position)
            for sheet in sheets
            for position, theme in enumerate(self.some(self.themes, 1, 3))
        )
        Support.objects.bulk_create(
            Support(initiative=sheet, organisation=self.chance.choice(organisations), role="holder")
            for sheet in sheets
        )
        links = Initiative.conditions.through
        links.objects.bulk_create(
            links(initiative=sheet, condition=condition)
            for sheet in sheets
            for condition in self.some(self.conditions, 0, 2)
        )
        Initiative.objects.bulk_create(sheets)

    def some(self, things, least, most):
        return self.chance.sample(things, min(len(things), self.chance.randint(least, most)))

    def organisations(self, keys):
        return Organisation.objects.bulk_create(self.organisation(key) for key in keys)

    def organisation(self, key):
        return Organisation(
            name=f"{self.name()} {self.name()} (exemple)",
            slug=f"invention-{key}",
            kind=self.chance.choice(Organisation.Kind.values),
            is_example=True,
        )

    def name(self):
        return "".join(self.chance.choices(SYLLABLES, k=3)).capitalize()

    def sheet(self, pk):
        chance = self.chance
        commune = chance.choices(self.communes, self.weights)[0] if chance.random() > 0.05 else None
        return Initiative(
            pk=pk,
            title=f"{self.name()}, {chance.choice(self.nouns)}"[:160],
            slug=f"invention-{pk}",
            summary=chance.choice(self.summaries),
            **{name: " ".join(chance.choices(self.sentences, k=2)) for name in TEXTS},
            started_year=chance.randint(1990, 2026),
            commune=commune,
            department_id=commune.department_id if commune else None,
            published_at=self.now - timedelta(minutes=chance.randint(1, 5_000_000)),
            is_example=True,
        )
