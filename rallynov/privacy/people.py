"""What people leave at a meeting, in the directory, in the admin; and the accounts that remain."""

from allauth.account.models import EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import PROTECT, CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from accounts.models import Consent, User
from accounts.roles import Role
from events.models import ImageAuthorisation, Registration
from initiatives.models import (
    Contribution,
    FreshnessQuestion,
    InitiativeImport,
    SheetInvitation,
)
from partners.models import Organisation
from rallynov.privacy.candidatures import alone
from rallynov.privacy.nobody import DOMAIN, NAME, fields_to, is_nobody
from rallynov.privacy.retention import cutoff
from trophies.models import AwardFollowUp

# Meetings ---------------------------------------------------------------------------------------


def registrations_over(name):
    over_at = Coalesce("event__ends_at", "event__starts_at")
    return Registration.objects.alias(over_at=over_at).filter(over_at__lt=cutoff(name))


def purge_registrations():
    """Who had a place still counts, and nobody knows who it was; the others go."""
    needs = forget_needs(registrations_over("needs").exclude(needs=""))
    over = registrations_over("registrations").exclude(**is_nobody())
    counts = {"besoin d’accueil": needs, "inscription": over.count()}
    unname_registrations(over)
    return counts


def forget_needs(rows):
    """And the consent that each came with, which is of no use any more."""
    given = Consent.objects.filter(about__in=rows.values("uuid"), withdrawn_at=None)
    given.update(withdrawn_at=timezone.now())
    return rows.update(needs="")


def unname_registrations(rows):
    """What is left of a registration is that somebody had a place, and came or not."""
    uuids = list(rows.values_list("uuid", flat=True))
    Consent.objects.filter(about__in=uuids).delete()
    rows = Registration.objects.filter(uuid__in=uuids)
    rows.exclude(status=Registration.Status.CONFIRMED).delete()
    address = Concat(Value("inscription"), Cast("pk", CharField()), Value(DOMAIN))
    rows.update(name=NAME, email=address, organisation="", needs="")


def purge_authorisations():
    """An authorisation that ended still hides its photograph: the row stays, without its name."""
    limit = cutoff("authorisations").date()
    is_over = Q(withdrawn_on__lt=limit) | Q(expires_on__lt=limit)
    rows = ImageAuthorisation.objects.filter(is_over).exclude(person=NAME)
    return {"autorisation": rows.update(person=NAME)}


# The directory ----------------------------------------------------------------------------------


def purge_contributions():
    limit = cutoff("contributions")
    answered = Contribution.objects.filter(answered_at__lt=limit)
    invitations = SheetInvitation.objects.filter(created_at__lt=limit)
    return {"contribution": gone(answered), "invitation": gone(invitations)}


def purge_questions():
    return {"question": gone(FreshnessQuestion.objects.filter(asked_at__lt=cutoff("questions")))}


# The admin --------------------------------------------------------------------------------------


def purge_logs():
    """What was done in the admin, and which imports there were; addresses that never answered."""
    limit = cutoff("logs")
    done = gone(LogEntry.objects.filter(action_time__lt=limit))
    imports = gone(InitiativeImport.objects.filter(file="", ended_at__lt=limit))
    EmailConfirmation.objects.delete_expired_confirmations()
    SessionStore.clear_expired()
    forget_expired_cache()
    return {"ligne d’historique": done, "import": imports}


def forget_expired_cache():
    """The database keeps what expired until it is asked for: limits by IP address, for one."""
    if isinstance(kept := caches["default"], DatabaseCache):
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(kept._table)
            cursor.execute(f"DELETE FROM {table} WHERE expires < now()")


def purge_consents():
    return {"consentement": gone(Consent.objects.filter(withdrawn_at__lt=cutoff("consents")))}


def purge_accounting():
    paid = AwardFollowUp.objects.filter(paid_on__lt=cutoff("accounting").date())
    named = paid.exclude(payment_reference="")
    return {"référence de versement": named.update(payment_reference="")}


def gone(rows):
    """How many rows of the model itself were deleted."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


# Accounts ---------------------------------------------------------------------------------------


def purge_accounts():
    """Accounts of people who have nothing here any more, and who have not come for long.

    A juror's role ends with their last seat. An organisation that they alone named goes with them:
    one that never was on the site, made for a candidature.
    """
    people = list(idle_accounts().values_list("pk", flat=True))
    firms = Organisation.objects.filter(memberships__user__in=people)
    firms = list(firms.values_list("pk", flat=True))
    count = gone(User.objects.filter(pk__in=people))
    alone(Organisation.objects.filter(pk__in=firms)).delete()
    return {"compte": count}


def idle_accounts():
    limit = cutoff("accounts")
    came_at = Coalesce("last_login", "joined_at")
    rows = User.objects.alias(came_at=came_at).filter(
        Q(roles=[]) | Q(roles=[Role.JURY]),
        came_at__lt=limit,
        joined_at__lt=limit,
        is_superuser=False,
        candidatures=None,
        held_sheets=None,
    )
    for field in protected_fields():
        named = field.model.objects.filter(**{field.name: OuterRef("pk")})
        rows = rows.filter(~Exists(named))
    pending = Contribution.objects.pending().filter(by=OuterRef("pk"))
    return rows.filter(~Exists(pending)).exclude(**is_nobody())


def protected_fields():
    """The relations to a person whose rows keep the account: what was deposited, read, signed."""
    return [field for field in fields_to(User) if field.remote_field.on_delete is PROTECT]
