import hashlib
import json
import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from initiatives.models import FOUNDED_BOUNDS, Initiative, Theme
from partners.models import Organisation, year_field
from places.models import Located
from trophies import consent, workflow
from trophies.models.edition import Edition, Regulation
from trophies.questions import QUESTIONS
from trophies.workflow import Status

# What a deposit cannot do without, besides the questions.
REQUIRED = ["organisation_name", "commune", "title", "summary", "themes"]


class CandidatureQuerySet(models.QuerySet):
    def held_by(self, user):
        holders = Candidature.holders.through.objects
        return self.filter(Exists(holders.filter(candidature=OuterRef("pk"), user_id=user.pk)))

    def visible_to(self, user):
        """Staff see all but the files that a conflict of interest hides; the others, their own."""
        if not user.has_perm("trophies.view_candidature"):
            return self.held_by(user)
        conflicts = self.model._meta.get_field("conflicts").related_model.objects
        return self.exclude(conflicts.hiding(OuterRef("pk"), user.pk))

    def eligible(self):
        return self.filter(status=Status.ELIGIBLE)

    def locked(self):
        """Read under a lock, for whoever is about to write."""
        return self.select_for_update(of=["self"]).select_related("edition", "commune")

    def for_list(self):
        return self.select_related("edition").with_deposits()

    def with_deposits(self):
        """Load `deposits`, the last one first, so that `last_deposit` makes no query."""
        return self.prefetch_related("deposits")

    def for_detail(self):
        return self.for_list().select_related("commune", "initiative").prefetch_related("themes")


class Candidature(Located):
    """The working text of a project holder. What staff and jury read is its last `Deposit`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name="édition", related_name="candidatures"
    )
    holders = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="candidatures", verbose_name="porteurs"
    )
    status = models.CharField(
        "statut", max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    reference = models.CharField("référence", max_length=12, blank=True, editable=False)
    submitted_at = models.DateTimeField("déposée le", null=True, editable=False)
    screened_at = models.DateTimeField("examinée le", null=True, editable=False)
    withdrawn_at = models.DateTimeField("retirée le", null=True, editable=False)
    # For the second round of readings.
    shortlisted_at = models.DateTimeField(
        "retenue pour le second tour le", null=True, editable=False
    )
    reason = models.TextField("motif", blank=True, editable=False)
    initiative = models.ForeignKey(
        Initiative,
        models.SET_NULL,
        verbose_name="fiche de l’annuaire",
        null=True,
        blank=True,
        related_name="candidatures",
        help_text="La fiche qui existe déjà pour ce projet, ou celle que son prix a créée.",
    )

    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name="organisation",
        null=True,
        blank=True,
        related_name="candidatures",
        help_text="Celle de l’annuaire, retrouvée ou créée quand la candidature est recevable.",
    )

    title = models.CharField("nom du projet", max_length=120, blank=True)
    summary = models.TextField("en une phrase", max_length=300, blank=True)
    organisation_name = models.CharField("nom de la structure", max_length=200, blank=True)
    organisation_kind = models.CharField(
        "forme",
        max_length=12,
        choices=Organisation.Kind.choices,
        default=Organisation.Kind.ASSOCIATION,
    )
    started_year = year_field("depuis", bounds=FOUNDED_BOUNDS, null=True, blank=True)
    themes = models.ManyToManyField(
        Theme, related_name="candidatures", verbose_name="thèmes", blank=True
    )
    need = models.TextField("le besoin", blank=True)
    response = models.TextField("la réponse", blank=True)
    people = models.TextField("les personnes associées", blank=True)
    effects = models.TextField("les effets", blank=True)
    risks = models.TextField("ce qui a été essayé, et risqué", blank=True)
    spread = models.TextField("ce qui peut être repris ailleurs", blank=True)
    viability = models.TextField("comment cela vit", blank=True)
    # What its sheet may show, by name (`trophies.consent`): a consent for each.
    publishable = ArrayField(
        models.CharField(max_length=30),
        verbose_name="ce qui peut paraître dans l’annuaire",
        default=list,
        blank=True,
    )
    eligibility = models.JSONField("réponses sur la recevabilité", default=dict, editable=False)
    # What was typed and could not be understood, by field: kept, shown again, never deposited.
    typed = models.JSONField("texte à reprendre", default=dict, editable=False)
    # By step: the number of its version, and the tab that wrote it (`services.drafts`).
    versions = models.JSONField("versions des étapes", default=dict, editable=False)
    extended_until = models.DateTimeField("délai personnel", null=True, editable=False)
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = CandidatureQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        ordering = ["-edition__year", "-submitted_at", "-pk"]
        # What was declared eligible since a juror declared their ties.
        indexes = [models.Index(fields=["edition", "screened_at"], name="candidature_screened")]
        # Status and dates agree; a comparison with NULL would let a CHECK pass, hence `isnull`.
        constraints = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="candidature_reference_is_unique",
                violation_error_message="Cette référence est déjà donnée.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="candidature_status_is_known",
                violation_error_message="Ce statut n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, submitted_at=None, reference="")
                | (~Q(status=Status.DRAFT) & Q(submitted_at__isnull=False) & ~Q(reference="")),
                name="candidature_is_deposited_unless_draft",
                violation_error_message="Une candidature déposée a une date et une référence.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.ELIGIBLE, Status.INELIGIBLE], screened_at__isnull=False
                )
                | Q(status__in=[Status.DRAFT, Status.SUBMITTED], screened_at=None)
                | Q(status=Status.WITHDRAWN),
                name="candidature_is_screened_when_judged",
                violation_error_message="Une candidature recevable ou non a une date d’examen.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(status=Status.WITHDRAWN) & Q(withdrawn_at=None)),
                name="candidature_is_dated_when_withdrawn",
                violation_error_message="Une candidature retirée a une date de retrait.",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.INELIGIBLE) | ~Q(reason=""),
                name="candidature_ineligible_has_reason",
                violation_error_message="Une candidature non recevable a un motif.",
            ),
            models.CheckConstraint(
                condition=Q(started_year__isnull=True) | Q(started_year__range=FOUNDED_BOUNDS),
                name="candidature_started_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="candidature_keeps_its_edition", fields=["edition"])]

    def __str__(self):
        return self.title or "Projet sans nom"

    def get_absolute_url(self):
        return reverse("candidatures:detail", args=[self.uuid])

    @property
    def is_draft(self):
        return self.status == Status.DRAFT

    @property
    def closes_at(self):
        """The closing of the call, or the end of the personal extension when it is later."""
        instants = [self.edition.closes_at, self.extended_until]
        return max((instant for instant in instants if instant), default=None)

    @property
    def is_open(self):
        """Whether it may be written and deposited now."""
        return not workflow.call_is_open(self, timezone.now())

    @property
    def last_deposit(self):
        """The text that counts; None for a draft. Loaded by `with_deposits()`."""
        return next(iter(self.deposits.all()), None)

    @property
    def is_decided(self):
        return hasattr(self, "decision")

    @property
    def attachments_kept(self):
        return [piece for piece in self.attachments.all() if piece.removed_at is None]

    @property
    def missing(self):
        """The names of the fields that a deposit still needs, or that cannot be understood."""
        names = [*REQUIRED, *(question.name for question in QUESTIONS)]
        empty = [name for name in names if not self.is_filled(name)]
        return [*empty, *(name for name in self.typed if name not in empty)]

    def is_filled(self, name):
        if name == "themes":
            return bool(self.themes.all())
        value = getattr(self, name)
        return bool(value.strip() if isinstance(value, str) else value)

    @property
    def has_undeposited_changes(self):
        """Whether what is typed differs from what was deposited: only the deposit is read."""
        last = self.last_deposit
        return last is not None and (
            bool(self.typed) or consent.as_now(last.payload) != self.payload()
        )

    def available_transitions(self, user):
        return workflow.available(self, user, timezone.now())

    def payload(self):
        """What a deposit keeps of the working text: plain JSON, whole in itself."""
        return {
            "title": self.title,
            "summary": self.summary,
            "organisation": {
                "name": self.organisation_name,
                "kind": self.organisation_kind,
                "kind_name": self.get_organisation_kind_display(),
            },
            "commune": self.commune
            and {
                "code": self.commune.code,
                "name": self.commune.name,
                "department": self.commune.department_id,
            },
            "themes": [{"slug": theme.slug, "name": theme.name} for theme in self.themes.all()],
            "started_year": self.started_year,
            "answers": {question.name: getattr(self, question.name) for question in QUESTIONS},
            "publishable": consent.in_order(self.publishable),
            "files": [piece.summary() for piece in self.attachments_kept],
            **self.answers_to_requests,
        }

    @property
    def answers_to_requests(self):
        """What holders added at the team's request: it stays in every later deposit."""
        key, last = "answers_to_requests", self.last_deposit
        return {key: last.payload[key]} if last and key in last.payload else {}


def canonical(payload):
    """The one way to write a payload as bytes: sorted keys, no blanks, UTF-8."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


class Deposit(models.Model):
    """What was sent, as it was sent: never changed, never erased but by a purge."""

    class Origin(models.TextChoices):
        HOLDER = "holder", "déposée par un porteur"
        LATE_FILE = "late_file", "complétée d’une pièce qui était en route"
        PIECE = "piece", "complétée d’une pièce demandée"
        TEAM = "team", "déposée par l’équipe, au nom d’un porteur"

    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="deposits")
    number = models.PositiveSmallIntegerField("numéro")
    payload = models.JSONField("contenu")
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, verbose_name="règlement", null=True, related_name="deposits"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="deposits"
    )
    received_at = models.DateTimeField("reçu le")
    origin = models.CharField(
        "origine", max_length=10, choices=Origin.choices, default=Origin.HOLDER
    )
    reason = models.TextField("motif", blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)

    class Meta:
        verbose_name = "dépôt"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "number"],
                name="deposit_number_is_unique",
                violation_error_message="Ce numéro de dépôt existe déjà.",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="deposit_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.candidature.reference}, dépôt {self.number}"

    def save(self, **kwargs):
        self.sha256 = hashlib.sha256(canonical(self.payload)).hexdigest()
        super().save(**kwargs)

    @property
    def title(self):
        return self.payload["title"]

    @property
    def answers_to_requests(self):
        return self.payload.get("answers_to_requests", [])

    @property
    def consent_told(self):
        """What its holder lets appear on the sheet, in words."""
        return consent.told(self.payload)

    @property
    def sections(self):
        """The answers in the order of the questions: (`Question`, text)."""
        answers = self.payload["answers"]
        return [(question, answers[question.name]) for question in QUESTIONS]


class StatusChange(models.Model):
    """One move of a candidature: written by `services.change_status`, never changed."""

    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="status_changes")
    name = models.CharField("geste", max_length=20)
    source = models.CharField("de", max_length=10, choices=Status.choices)
    target = models.CharField("à", max_length=10, choices=Status.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="par",
        related_name="status_changes",
    )
    at = models.DateTimeField("le")
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "changement de statut"
        verbose_name_plural = "changements de statut"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="status_change_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.get_source_display()} → {self.get_target_display()}"
