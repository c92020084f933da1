"""An import that somebody sent, and what became of each of its lines."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from rallynov.numbers import number


def import_path(an_import, filename):
    """Private, under a name that nobody guesses: the sender's own name is only a column."""
    return f"imports/{an_import.uuid}"


class InitiativeImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own: the report may name what others may not know yet."""
        return self.filter(by=user)

    def queued(self):
        return self.filter(state__in=self.model.QUEUED).order_by("pk")


class InitiativeImport(models.Model):
    class State(models.TextChoices):
        TO_CHECK = "to_check", "à vérifier"
        CHECKED = "checked", "vérifié"
        TO_WRITE = "to_write", "à écrire"
        WRITTEN = "written", "importé"
        FAILED = "failed", "illisible"
        CANCELLED = "cancelled", "abandonné"

    QUEUED = (State.TO_CHECK, State.TO_WRITE)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="par", related_name="+"
    )
    file = models.FileField("fichier", upload_to=import_path, blank=True)
    name = models.CharField("nom du fichier", max_length=120)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.TO_CHECK)
    with_duplicates = models.BooleanField("avec les doublons probables", default=False)
    # Pairs of a header of the file and of the one that it was taken for, or "".
    columns = models.JSONField("colonnes", default=list, editable=False)
    total = models.PositiveIntegerField("lignes", null=True, editable=False)
    done = models.PositiveIntegerField("lignes lues", default=0, editable=False)
    counts = models.JSONField("décompte", default=dict, editable=False)
    failure = models.TextField("ce qui l’empêche", blank=True, editable=False)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    ended_at = models.DateTimeField("terminé le", null=True, editable=False)

    objects = InitiativeImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’initiatives"
        verbose_name_plural = "imports d’initiatives"
        ordering = ["-pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["written", "failed", "cancelled"]) | ~Q(file=""),
                name="initiative_import_has_its_file",
                violation_error_message="Un import en cours garde son fichier.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("admin:initiatives_import", args=[self.uuid])

    @property
    def is_queued(self):
        return self.state in self.QUEUED

    @property
    def is_refused(self):
        return bool(self.counts.get(ImportLine.Verdict.REFUSED))

    @property
    def duplicates(self):
        return self.counts.get(ImportLine.Verdict.DUPLICATE, 0)

    @property
    def may_be_confirmed(self):
        verdict = ImportLine.Verdict
        useful = [verdict.NEW, verdict.UPDATED, verdict.DUPLICATE]
        is_useful = any(self.counts.get(one) for one in useful)
        return self.state == self.State.CHECKED and is_useful and not self.is_refused

    @property
    def headline(self):
        if self.state == self.State.CHECKED and not self.may_be_confirmed:
            return "À corriger" if self.is_refused else "Rien à importer"
        return {
            self.State.TO_CHECK: "Le site lit votre fichier",
            self.State.CHECKED: "Prêt à importer",
            self.State.TO_WRITE: "Le site écrit",
            self.State.WRITTEN: "C’est importé",
            self.State.FAILED: "Rien n’est importé",
            self.State.CANCELLED: "Import abandonné",
        }[self.state]

    @property
    def in_words(self):
        return in_words(self.counts)


class ImportLine(models.Model):
    class Verdict(models.TextChoices):
        NEW = "new", "nouvelle"
        UPDATED = "updated", "mise à jour"
        UNCHANGED = "unchanged", "inchangée"
        DUPLICATE = "duplicate", "doublon probable"
        REFUSED = "refused", "refusée"

    initiative_import = models.ForeignKey(
        InitiativeImport, models.CASCADE, verbose_name="import", related_name="lines"
    )
    number = models.PositiveIntegerField("ligne")
    title = models.CharField("titre", max_length=160)
    verdict = models.CharField("verdict", max_length=10, choices=Verdict.choices)
    is_corrected = models.BooleanField("corrigée", default=False)
    slug = models.SlugField("fiche", max_length=120, blank=True, db_index=False)
    notes = models.JSONField("remarques", default=list)

    class Meta:
        verbose_name = "ligne d’un import"
        verbose_name_plural = "lignes d’un import"
        ordering = ["number"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["initiative_import", "number"],
                name="import_line_is_unique",
                violation_error_message="Cette ligne a déjà son verdict.",
            )
        ]

    def __str__(self):
        return f"{self.number} : {self.get_verdict_display()}"

    @property
    def look(self):
        """The look of a state that says as much (admin_skin/css/lists.css)."""
        looks = {
            self.Verdict.NEW: "published",
            self.Verdict.UPDATED: "published",
            self.Verdict.DUPLICATE: "scheduled",
            self.Verdict.REFUSED: "failed",
        }
        return looks.get(self.verdict, "")


PLURALS = {
    ImportLine.Verdict.NEW: ("nouvelle", "nouvelles"),
    ImportLine.Verdict.UPDATED: ("mise à jour", "mises à jour"),
    ImportLine.Verdict.UNCHANGED: ("inchangée", "inchangées"),
    ImportLine.Verdict.DUPLICATE: ("doublon probable", "doublons probables"),
    ImportLine.Verdict.REFUSED: ("refusée", "refusées"),
    "corrected": ("corrigée", "corrigées"),
}


def in_words(counts):
    """« 12 nouvelles, 1 doublon probable, 2 corrigées »"""
    said = [
        f"{number(count)} {words[count > 1]}"
        for verdict, words in PLURALS.items()
        if (count := counts.get(verdict, 0))
    ]
    return ", ".join(said) or "aucune ligne"
