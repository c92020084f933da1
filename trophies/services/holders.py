"""Who holds a candidature: those who began it, and those whom they invited."""

from django.db import transaction
from django.utils import timezone

from trophies.models import Assignment, HolderChange, Invitation
from trophies.services.candidatures import lock
from trophies.services.conflicts import declare_conflict
from trophies.services.mails import tell_address, tell_holders
from trophies.workflow import NotAllowed

MOST_INVITED = 10


@transaction.atomic
def invite(*, candidature, email, by):
    """Ask `email`, by mail, to write this candidature too. Raises NotAllowed."""
    candidature = lock(candidature)
    if candidature.holders.filter(email=email).exists():
        raise NotAllowed("Cette personne porte déjà la candidature avec vous.")
    waiting = candidature.invitations.filter(accepted_at=None)
    if not waiting.filter(email=email).exists() and waiting.count() >= MOST_INVITED:
        raise NotAllowed("Dix invitations attendent déjà : annulez-en une d’abord.")
    invitation, is_new = Invitation.objects.update_or_create(
        candidature=candidature, email=email, defaults={"by": by, "accepted_at": None}
    )
    if is_new:
        tell_address(candidature, "invitation", to=email, invitation=invitation)
    return invitation


@transaction.atomic
def cancel_invitation(invitation):
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


@transaction.atomic
def accept_invitation(invitation, *, by):
    """`by` holds the candidature from now on; those who held it are told."""
    candidature = lock(invitation.candidature)
    if not candidature.holders.filter(pk=by.pk).exists():
        tell_holders(candidature, "joined", person=by)
        add_holder(candidature, by, by=invitation.by)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    return candidature


def add_holder(candidature, user, *, by, reason=""):
    """Nobody reads as a juror what they hold."""
    candidature.holders.add(user)
    readings = Assignment.objects.filter(candidature=candidature, jury_member__user=user)
    for reading in readings.select_related("jury_member", "candidature"):
        declare_conflict(reading, reason="Porte cette candidature.")
    HolderChange.objects.create(
        candidature=candidature, user=user, action=HolderChange.Action.ADDED, by=by, reason=reason
    )


@transaction.atomic
def leave(candidature, *, by):
    """`by` holds it no more, if somebody else does. Raises NotAllowed."""
    candidature = lock(candidature)
    if not candidature.holders.exclude(pk=by.pk).exists():
        raise NotAllowed("Vous êtes seul à porter cette candidature : invitez quelqu’un d’abord.")
    candidature.holders.remove(by)
    HolderChange.objects.create(
        candidature=candidature, user=by, action=HolderChange.Action.REMOVED, by=by
    )
