"""The jury in its room: who is there, and what it votes."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from trophies.models.candidature import Candidature
from trophies.models.edition import Edition
from trophies.models.jury import JuryMember
from trophies.models.prize import Prize
from trophies.models.triggers import checked


@pghistory.track()
class JurySession(models.Model):
    """A meeting of the jury: it opens, its members vote, it closes, its minutes are sealed."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name="édition", related_name="jury_sessions"
    )
    number = models.PositiveSmallIntegerField("numéro", editable=False)
    starts_at = models.DateTimeField("prévue le")
    place = models.CharField("lieu", max_length=200, blank=True)
    quorum = models.PositiveSmallIntegerField(
        "quorum",
        help_text="Le nombre de jurés qui doivent être dans la salle pour qu’un vote compte.",
    )
    opened_at = models.DateTimeField("ouverte le", null=True, editable=False)
    closed_at = models.DateTimeField("levée le", null=True, editable=False)

    class Meta:
        verbose_name = "séance du jury"
        verbose_name_plural = "séances du jury"
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="session_number_is_unique",
                violation_error_message="Cette séance existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(opened_at__isnull=False, closed_at=None),
                name="session_is_open_alone",
                violation_error_message="Une autre séance de ce jury est ouverte.",
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1),
                name="session_quorum_is_positive",
                violation_error_message="Le quorum est d’un juré au moins.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(
                    opened_at__isnull=False, closed_at__isnull=False, closed_at__gte=F("opened_at")
                ),
                name="session_opens_before_it_closes",
                violation_error_message="Une séance s’ouvre, puis se lève.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="session_keeps_its_edition", fields=["edition"])]

    def __str__(self):
        return f"Séance {self.number} du jury {self.edition.year}"

    @property
    def is_open(self):
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def is_sealed(self):
        return hasattr(self, "minutes")


@pghistory.track()
class Presence(models.Model):
    """A person called to a session, juror or not, and where they are."""

    class State(models.TextChoices):
        ABSENT = "absent", "absent"
        PRESENT = "present", "dans la salle"
        OUT = "out", "sorti de la salle"

    session = models.ForeignKey(JurySession, models.CASCADE, related_name="presences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="personne",
        related_name="jury_presences",
    )
    state = models.CharField("où", max_length=7, choices=State.choices, default=State.ABSENT)

    class Meta:
        verbose_name = "présence"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"],
                name="presence_is_unique",
                violation_error_message="Cette personne est déjà appelée à cette séance.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["absent", "present", "out"]),
                name="presence_state_is_known",
                violation_error_message="Cet état n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_state_display()}"


@pghistory.track()
class Ballot(models.Model):
    """A vote of the jury on one file, or between several: open, then counted for good."""

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="ballots")
    number = models.PositiveSmallIntegerField("numéro", editable=False)
    question = models.CharField("la question", max_length=200)
    prize = models.ForeignKey(
        Prize,
        models.PROTECT,
        verbose_name="pour le prix",
        null=True,
        blank=True,
        related_name="ballots",
    )
    seats = models.PositiveSmallIntegerField(
        "combien de dossiers passent", default=1, help_text="Chacun a autant de voix."
    )
    candidatures = models.ManyToManyField(
        Candidature, through="BallotChoice", related_name="ballots", verbose_name="dossiers"
    )
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)
    closed_at = models.DateTimeField("dépouillé le", null=True, editable=False)
    # Known once counted: who was in the room, and who broke a tie, if there was one.
    voters = models.ManyToManyField(JuryMember, related_name="ballots", verbose_name="votants")
    abstentions = models.PositiveSmallIntegerField("abstentions et blancs", default=0)
    casting_by = models.ForeignKey(
        JuryMember,
        models.PROTECT,
        verbose_name="voix prépondérante",
        null=True,
        editable=False,
        related_name="casting_votes",
    )

    class Meta:
        verbose_name = "scrutin"
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="ballot_number_is_unique",
                violation_error_message="Ce scrutin existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="ballot_has_a_seat",
                violation_error_message="Un dossier au moins peut passer.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ballot_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
            pgtrigger.ReadOnly(name="ballot_keeps_its_session", fields=["session"]),
        ]

    def __str__(self):
        return f"Scrutin {self.number} : {self.question}"

    @property
    def is_closed(self):
        return self.closed_at is not None


@pghistory.track()
class BallotChoice(models.Model):
    """A file in a ballot, and the votes that it had."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="choices")
    candidature = models.ForeignKey(
        Candidature, models.PROTECT, verbose_name="candidature", related_name="ballot_choices"
    )
    votes = models.PositiveSmallIntegerField("voix", default=0)
    has_casting_vote = models.BooleanField("voix prépondérante", default=False)
    is_chosen = models.BooleanField("passe", default=False)

    class Meta:
        verbose_name = "choix d’un scrutin"
        verbose_name_plural = "choix d’un scrutin"
        ordering = ["ballot", "-votes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "candidature"],
                name="ballot_choice_is_unique",
                violation_error_message="Ce dossier est déjà dans ce scrutin.",
            )
        ]
        triggers = [
            checked(
                "ballot_choice_is_within_an_open_ballot",
                """SELECT 1 FROM trophies_ballot ballot, trophies_jurysession meeting,
                   trophies_candidature file
                   WHERE ballot.id = NEW.ballot_id AND ballot.closed_at IS NULL
                   AND meeting.id = ballot.session_id AND file.id = NEW.candidature_id
                   AND file.edition_id = meeting.edition_id""",
                "Ce scrutin est dépouillé, ou ce dossier est d’une autre édition.",
            )
        ]

    def __str__(self):
        return f"{self.candidature} : {self.votes} voix"
