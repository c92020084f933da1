"""What the team does for a candidature, by its own hand, and always with a trace."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from rallynov.dates import instant_text
from trophies.models import Deposit, Extension, HolderChange
from trophies.services.candidatures import change_status, lock, write_deposit
from trophies.services.holders import add_holder
from trophies.services.mails import tell_address, tell_holders
from trophies.workflow import GESTURES, TRANSITIONS, NotAllowed, Status, obstacle

NO_REASON = "Dites pourquoi : ce motif est gardé, et le porteur le lira."


def refuse_unless_possible(name, candidature, by):
    if refusal := obstacle(GESTURES[name], candidature, by, timezone.now()):
        raise NotAllowed(refusal)


def given(reason):
    """The reason of a gesture, without which it is refused."""
    if not reason.strip():
        raise NotAllowed(NO_REASON)
    return reason.strip()


# More time --------------------------------------------------------------------------------------


@transaction.atomic
def extend(candidature, *, until, reason, by):
    """Leave one candidature open until `until`; its holders are told. Raises NotAllowed.

    Two clicks make one extension.
    """
    candidature, reason = lock(candidature), given(reason)
    refuse_unless_possible("extend", candidature, by)
    last = candidature.extensions.last()
    if last and (last.until, last.reason, last.by_id) == (until, reason, by.pk):
        return last
    if refusal := wrong_extension(candidature, until):
        raise NotAllowed(refusal)
    made = Extension.objects.create(candidature=candidature, until=until, reason=reason, by=by)
    candidature.extended_until = until
    candidature.save(update_fields=["extended_until"])
    tell_holders(candidature, "extended", extension=made)
    return made


def wrong_extension(candidature, until):
    """Why this instant cannot be given, in French: too early, or once the jury reads."""
    if until <= timezone.now():
        return "Ce délai est déjà passé."
    if until <= candidature.closes_at:
        return f"Elle reste ouverte jusqu’au {instant_text(candidature.closes_at)} : allez au-delà."
    jury_opens_at = candidature.edition.jury_opens_at
    if jury_opens_at and until > jury_opens_at:
        return f"Le jury commence à lire le {instant_text(jury_opens_at)} : restez avant."
    return ""


# Depositing for someone -------------------------------------------------------------------------


def why_not_deposit_for(candidature, by):
    """Why the team cannot deposit the working text now, in French; empty when it can."""
    transition, now = TRANSITIONS["submit_for"], timezone.now()
    if candidature.status != Status.SUBMITTED:
        return obstacle(transition, candidature, by, now)
    if not transition.permission(candidature, by):
        return "Vous ne pouvez pas faire cela."
    if not candidature.has_undeposited_changes:
        return "Ce texte est déjà déposé, tel quel."
    reasons = (guard(candidature, now) for guard in transition.guards)
    return next((reason for reason in reasons if reason), "")


@transaction.atomic
def deposit_for(candidature, *, by, reason):
    """Deposit the working text in the name of its holders, even after the closing.

    They are told by whom and why. Two clicks make one deposit. Raises NotAllowed.
    """
    candidature, reason = lock(candidature), given(reason)
    if again := made_already(candidature, by, reason):
        return again
    if refusal := why_not_deposit_for(candidature, by):
        raise NotAllowed(refusal)
    now = timezone.now()
    if candidature.status == Status.DRAFT:
        candidature = change_status(candidature, "submit_for", by=by, at=now, reason=reason)
    made = write_deposit(
        candidature,
        payload=candidature.payload(),
        regulation=candidature.edition.regulations.first(),
        by=by,
        received_at=now,
        origin=Deposit.Origin.TEAM,
        reason=reason,
    )
    tell_holders(candidature, "deposited_for_you", deposit=made)
    return made


def made_already(candidature, by, reason):
    """The deposit of a first click, when this is the second."""
    last = candidature.last_deposit
    if last is None or candidature.has_undeposited_changes:
        return None
    is_theirs = (last.origin, last.reason, last.by_id) == (Deposit.Origin.TEAM, reason, by.pk)
    return last if is_theirs else None


# Changing hands ---------------------------------------------------------------------------------


@transaction.atomic
def hand_over(candidature, *, to_email, reason, by, keep_former=False):
    """Give a candidature to the person of this address, who gets an account if need be.

    Those who held it do so no more, unless `keep_former`; everyone is told. Raises NotAllowed.
    """
    candidature, reason = lock(candidature), given(reason)
    refuse_unless_possible("hand_over", candidature, by)
    person = person_of(to_email)
    former = [] if keep_former else list(candidature.holders.exclude(pk=person.pk))
    is_new = not candidature.holders.filter(pk=person.pk).exists()
    if not is_new and not former:
        if is_done_already(candidature, reason, by):
            return candidature
        raise NotAllowed(f"{person.email} porte déjà cette candidature.")
    if not keep_former:
        # Who was invited by those who leave would come in behind their back.
        candidature.invitations.filter(accepted_at=None).delete()
    for holder in former:
        remove_holder(candidature, holder, by=by, reason=reason)
        if holder.is_active:
            told = {"person": person, "reason": reason}
            tell_address(candidature, "handed_over", to=holder.email, **told)
    if is_new:
        add_holder(candidature, person, by=by, reason=reason)
        tell_address(candidature, "entrusted", to=person.email, reason=reason)
    return candidature


def person_of(email):
    email = email.strip().lower()
    fields = {"password": make_password(None)}
    person, _ = User.objects.get_or_create(email=email, defaults=fields)
    if not person.is_active:
        raise NotAllowed(f"Le compte de {email} est fermé.")
    return person


def remove_holder(candidature, user, *, by, reason):
    candidature.holders.remove(user)
    HolderChange.objects.create(
        candidature=candidature, user=user, action=HolderChange.Action.REMOVED, by=by, reason=reason
    )


def is_done_already(candidature, reason, by):
    """Whether this very gesture was the last one: a second click."""
    last = candidature.holder_changes.last()
    return last is not None and (last.reason, last.by_id) == (reason, by.pk)
