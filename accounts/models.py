import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.mail_kinds import KINDS
from accounts.roles import Role


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom", max_length=120, blank=True, help_text="Prénom et nom.")
    roles = ArrayField(
        models.CharField(max_length=10, choices=Role.choices),
        verbose_name="rôles",
        default=list,
        blank=True,
        help_text="Aucun rôle : une personne qui dépose une candidature.",
    )
    is_active = models.BooleanField(
        "compte ouvert", default=True, help_text="Décochez plutôt que de supprimer."
    )
    joined_at = models.DateTimeField("inscription", default=timezone.now, editable=False)

    # Permissions come from roles (accounts/roles.py), not from groups kept in the database.
    groups = None
    user_permissions = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "personne"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values),
                name="user_roles_are_known",
                violation_error_message="Ce rôle n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        self.email = self.email.lower()

    def save(self, **kwargs):
        self.email = self.email.lower()
        super().save(**kwargs)

    @property
    def is_staff(self):
        """Whether the admin opens: for any role, each seeing its own part of it."""
        return self.is_superuser or bool(self.roles)

    def has_role(self, role):
        return self.is_active and (self.is_superuser or role in self.roles)

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name.partition(" ")[0] or self.email


class MailText(models.Model):
    """The team's own words for one kind of mail (`accounts.mail_kinds`)."""

    key = models.CharField("courriel", max_length=40, primary_key=True, editable=False)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte", max_length=5000)
    button = models.CharField("bouton", max_length=60, blank=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "texte de courriel"
        verbose_name_plural = "textes des courriels"
        ordering = ["key"]

    def __str__(self):
        return KINDS[self.key].label if self.key in KINDS else self.key


class MailSentManager(models.Manager):
    def claim(self, *, address, event):
        """Whether this address is yet to be told of this event; from now on, it is told.

        Of two transactions at once, the second waits for the first, and is told no.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.model._meta.db_table} (address, event, at) "
                "VALUES (%s, %s, now()) ON CONFLICT DO NOTHING",
                [address.lower(), event],
            )
            return cursor.rowcount == 1


class MailSent(models.Model):
    """An address was told of an event, by a mail queued in the same transaction."""

    address = models.EmailField("adresse électronique")
    event = models.CharField("événement", max_length=120)
    at = models.DateTimeField("le", auto_now_add=True)

    objects = MailSentManager()

    class Meta:
        verbose_name = "courriel annoncé"
        verbose_name_plural = "courriels annoncés"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "address"],
                name="mail_sent_is_unique",
                violation_error_message="Cette personne a déjà reçu ce courriel.",
            )
        ]

    def __str__(self):
        return f"{self.event}, {self.address}"


class ConsentText(models.Model):
    """The very words that people agree to, by version; none is ever changed."""

    key = models.SlugField("objet", max_length=40)
    version = models.PositiveSmallIntegerField("version")
    text = models.TextField("texte")
    since = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "texte de consentement"
        verbose_name_plural = "textes de consentement"
        ordering = ["key", "-version"]
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                name="consent_text_version_is_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]
        triggers = [pgtrigger.Protect(name="consent_text_is_immutable", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.key}, version {self.version}"


class Consent(models.Model):
    """Somebody agreed to a text, at an instant; and took it back, perhaps."""

    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents")
    email = models.EmailField("adresse électronique")
    # What it is about, when it is about one thing: a candidature, for one.
    about = models.UUIDField("à propos de", null=True, blank=True)
    given_at = models.DateTimeField("donné le", auto_now_add=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "consentement"
        ordering = ["-given_at", "-pk"]
        default_permissions = ["view"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="consent_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            )
        ]
        indexes = [models.Index(fields=["email"], name="consent_of_a_person")]

    def __str__(self):
        return f"{self.email}, {self.text}"
