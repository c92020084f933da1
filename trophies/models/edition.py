import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from partners.models import YEAR_BOUNDS, year_field
from places.models import Department
from rallynov.publishing import Publishable, PublishableQuerySet
from trophies.route import Phase, phase_at, stages_at

LARGEST_FILE = 50  # megabytes
IS_SEALED = (
    "Le procès-verbal est scellé\u202f: ouvrez une autre séance pour revenir sur une décision."
)


class OthersShown(models.TextChoices):
    """When a juror may read what the others wrote of a file, without their names."""

    NEVER = "never", "jamais"
    SIGNED = "signed", "à qui a signé sa lecture, qui devient définitive"
    CLOSED = "closed", "quand les lectures sont closes"


class OfficialColumn(models.TextChoices):
    RAW = "raw", "la moyenne des lectures"
    CALIBRATED = "calibrated", "la moyenne sans la sévérité des lecteurs"


class TieBreak(models.TextChoices):
    """What separates files whose official means are equal; the time of deposit never does."""

    CRITERION = "criterion", "la moyenne sur le critère qui pèse le plus"
    PREFERENCES = "preferences", "le nombre de jurés qui l’ont placé devant"
    VOTE = "vote", "un vote du jury"
    CASTING = "casting", "la voix prépondérante de la présidence"


def default_tie_break():
    return list(TieBreak.values)


class EditionQuerySet(PublishableQuerySet):
    def with_published_results(self):
        return self.published().filter(results_published_at__lte=Now())

    def for_home(self):
        """The newest first, but what is real before what is an example."""
        return (
            self.select_related("ceremony", "ceremony__commune")
            .prefetch_related("prizes")
            .order_by("is_example", "-year")
        )

    def for_detail(self):
        return self.select_related("ceremony", "ceremony__commune").prefetch_related("departments")


@pghistory.track(exclude=["last_number"])
class Edition(Publishable):
    """A year of the trophies. Its phase is read from its dates and never stored."""

    year = year_field(unique=True)
    ordinal = models.PositiveSmallIntegerField(
        "rang", null=True, blank=True, help_text="2 pour la deuxième édition."
    )
    departments = models.ManyToManyField(
        Department, related_name="editions", verbose_name="territoire", blank=True
    )
    opens_at = models.DateTimeField("ouverture de l’appel", null=True, blank=True)
    closes_at = models.DateTimeField("clôture de l’appel", null=True, blank=True)
    jury_opens_at = models.DateTimeField("début des lectures", null=True, blank=True)
    jury_closes_at = models.DateTimeField("fin des lectures", null=True, blank=True)
    results_published_at = models.DateTimeField(
        "publication des résultats",
        null=True,
        blank=True,
        help_text="À cet instant, et pas avant, lauréats et décisions deviennent publics.",
    )
    ceremony = models.ForeignKey(
        Event,
        models.SET_NULL,
        verbose_name="remise des prix",
        null=True,
        blank=True,
        related_name="ceremony_of",
    )
    summary = models.TextField("en une phrase", max_length=300, blank=True)
    presentation = models.TextField("présentation", blank=True)
    perspectives = models.TextField("perspectives", blank=True)
    credits = models.TextField(
        "crédits", blank=True, help_text="Qui a mis en page, photographié, illustré."
    )
    is_example = models.BooleanField(
        "exemple", default=False, help_text="Contenu fictif, signalé comme tel."
    )

    most_files = models.PositiveSmallIntegerField(
        "pièces jointes au plus", default=5, help_text="Pour une candidature."
    )
    largest_file = models.PositiveSmallIntegerField(
        "taille d’une pièce, en Mo",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_FILE)],
    )

    readings_per_file = models.PositiveSmallIntegerField(
        "lectures par candidature",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Vide : chaque juré lit tout, ce qui convient jusqu’à 25 candidatures.",
    )
    is_anonymous = models.BooleanField(
        "lecture anonyme",
        default=False,
        help_text="Les jurés ne voient ni les structures, ni les personnes, ni les pièces.",
    )
    others_shown = models.CharField(
        "les lectures des autres jurés se montrent",
        max_length=6,
        choices=OthersShown.choices,
        default=OthersShown.NEVER,
    )
    official_column = models.CharField(
        "l’ordre officiel suit",
        max_length=10,
        choices=OfficialColumn.choices,
        default=OfficialColumn.RAW,
    )
    tie_break = ArrayField(
        models.CharField(max_length=11, choices=TieBreak.choices),
        verbose_name="à égalité, départagent dans l’ordre",
        default=default_tie_break,
        blank=True,
        help_text="Jamais l’heure du dépôt. Ce que rien ne départage reste ex æquo.",
    )
    # A second round: the files of a shortlist, each read by all, after the readings of all files.
    second_opened_at = models.DateTimeField("second tour ouvert le", null=True, editable=False)
    second_closes_at = models.DateTimeField("fin du second tour", null=True, editable=False)
    # The draw of the last plan of readings: with it, anyone finds the same plan again.
    plan_seed = models.PositiveIntegerField("tirage", null=True, editable=False)

    # The counter of the references: read and raised under a lock, by `services` alone.
    last_number = models.PositiveIntegerField("dernier numéro donné", default=0, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ["-year"]
        # A comparison with NULL is unknown, which a CHECK lets pass: hence every `isnull`.
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=YEAR_BOUNDS),
                name="edition_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=F("opens_at")),
                name="edition_opens_before_it_closes",
                violation_error_message="L’appel a une ouverture, puis une clôture.",
            ),
            models.CheckConstraint(
                condition=Q(jury_opens_at__isnull=True, jury_closes_at__isnull=True)
                | Q(
                    closes_at__isnull=False,
                    jury_opens_at__isnull=False,
                    jury_closes_at__isnull=False,
                    jury_opens_at__gte=F("closes_at"),
                    jury_closes_at__gt=F("jury_opens_at"),
                ),
                name="edition_jury_reads_after_the_call",
                violation_error_message="Les lectures commencent après la clôture, puis finissent.",
            ),
            models.CheckConstraint(
                condition=Q(results_published_at__isnull=True)
                | Q(opens_at__isnull=True)
                | Q(results_published_at__gt=F("closes_at"), jury_closes_at__isnull=True)
                | Q(results_published_at__gte=F("jury_closes_at")),
                name="edition_results_come_last",
                violation_error_message="Les résultats viennent après les lectures.",
            ),
            models.CheckConstraint(
                condition=Q(second_opened_at__isnull=True, second_closes_at__isnull=True)
                | Q(
                    jury_closes_at__isnull=False,
                    second_opened_at__isnull=False,
                    second_closes_at__isnull=False,
                    second_opened_at__gte=F("jury_closes_at"),
                    second_closes_at__gte=F("second_opened_at"),
                ),
                name="edition_second_round_follows_the_first",
                violation_error_message="Le second tour vient après les lectures, puis se clôt.",
            ),
            models.CheckConstraint(
                condition=Q(results_published_at__isnull=True)
                | Q(second_closes_at__isnull=True)
                | Q(results_published_at__gte=F("second_closes_at")),
                name="edition_results_follow_the_second_round",
                violation_error_message="Les résultats viennent après le second tour.",
            ),
            models.CheckConstraint(
                condition=Q(largest_file__range=(1, LARGEST_FILE)),
                name="edition_largest_file_is_plausible",
                violation_error_message=f"Une pièce pèse de 1 à {LARGEST_FILE} Mo.",
            ),
        ]
        triggers = [
            # Who saves an edition that was read a moment ago would give a number twice.
            pgtrigger.Trigger(
                name="edition_counter_never_goes_back",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("last_number"),
                func="""
                    NEW.last_number = GREATEST(NEW.last_number, OLD.last_number);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="edition_official_column_is_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("official_column", "tie_break"),
                condition=pgtrigger.Q(old__official_column__df=pgtrigger.F("new__official_column"))
                | pgtrigger.Q(old__tie_break__df=pgtrigger.F("new__tie_break")),
                func="""
                    IF OLD.jury_opens_at <= NOW() OR EXISTS (
                        SELECT 1 FROM trophies_score score
                        JOIN trophies_criterion given ON given.id = score.criterion_id
                        WHERE given.edition_id = OLD.id) THEN
                        RAISE EXCEPTION 'Le jury lit déjà : l’ordre officiel ne change plus.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"Trophées {self.year}"

    def get_absolute_url(self):
        return reverse("trophies:edition", args=[self.year])

    @property
    def phase(self):
        return phase_at(self, timezone.now())

    @property
    def is_open(self):
        return self.phase == Phase.OPEN

    @property
    def is_closed(self):
        return self.phase not in (Phase.ANNOUNCED, Phase.OPEN)

    @property
    def is_open_to_jury(self):
        """Whether the grid is fixed: readings have begun, or are over."""
        return self.phase in (Phase.READING, Phase.DELIBERATION, Phase.PUBLISHED)

    @property
    def is_grid_locked(self):
        """Whether weights and levels are fixed: the readings are open, or a score was given."""
        return self.is_open_to_jury or self.criteria.filter(scores__isnull=False).exists()

    @property
    def is_in_second_round(self):
        """Whether the jury reads its shortlist: no average is seen then, nothing is decided."""
        closes_at = self.second_closes_at
        return closes_at is not None and timezone.now() < closes_at

    @property
    def has_second_round(self):
        return self.second_opened_at is not None

    @property
    def is_deliberating(self):
        return self.phase == Phase.DELIBERATION and not self.is_in_second_round

    @property
    def has_been_read(self):
        """Whether the readings are over: from then on, and not before, averages may be seen."""
        is_over = self.phase in (Phase.DELIBERATION, Phase.PUBLISHED)
        return is_over and not self.is_in_second_round

    @property
    def tie_break_text(self):
        return ", puis ".join(TieBreak(rule).label for rule in self.tie_break)

    @property
    def is_sealed(self):
        """Whether what its jury decided is in minutes; an open session may come back to it."""
        sessions = self.jury_sessions.all()
        is_open = sessions.filter(opened_at__isnull=False, closed_at=None)
        return sessions.filter(minutes__isnull=False).exists() and not is_open.exists()

    def hides_from(self, user):
        """Whether a tie hides a file of this edition from the person, who then holds no session."""
        return user.conflicts.in_force().filter(candidature__edition=self).exists()

    @property
    def has_published_results(self):
        return self.phase == Phase.PUBLISHED

    @property
    def stages(self):
        return stages_at(self, timezone.now())


class EditionFigure(models.Model):
    """What a past edition published of itself. Every other figure of the site is counted."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="figures")
    key = models.SlugField("clé", max_length=40)
    label = models.CharField("ce qui est compté", max_length=120)
    value = models.PositiveIntegerField("nombre")
    is_approximate = models.BooleanField("à peu près", default=False)
    source = models.CharField("source", max_length=200, help_text="Où ce chiffre a été publié.")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "chiffre d’archive"
        verbose_name_plural = "chiffres d’archive"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "key"],
                name="edition_figure_is_unique",
                violation_error_message="Ce chiffre est déjà noté pour cette édition.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="edition_figure_has_source",
                violation_error_message="Un chiffre d’archive cite sa source.",
            ),
        ]

    def __str__(self):
        return f"{self.value} {self.label}"


class Regulation(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="regulations")
    version = models.PositiveSmallIntegerField("version", default=1)
    text = models.TextField("texte")
    adopted_on = models.DateField("adopté le", null=True, blank=True)

    class Meta:
        verbose_name = "règlement"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "version"],
                name="regulation_version_is_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self):
        return f"Règlement {self.edition.year}, version {self.version}"
