"""The seats of a jury: who is invited to it, and as what."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from trophies.models import JuryMember
from trophies.services.detection import detect
from trophies.services.jury_mails import tell_invited
from trophies.services.plan import lock
from trophies.services.readings import appoint
from trophies.workflow import NotAllowed

# A second click within this time is the same gesture.
TWICE = timedelta(minutes=1)


@transaction.atomic
def invite_juror(edition, *, email, name, role, organisation, ceiling, themes, by):
    """Seat the person of this address in the jury, and write to them: (seat, whether it is new).

    Who sits there already keeps their seat as it is, and is written to again. Raises NotAllowed.
    """
    edition = lock(edition)
    user = person_at(email, name)
    member = edition.jury_members.filter(user=user).first()
    if member and member.left_at:
        raise NotAllowed(f"{user} a quitté ce jury\u202f: sa page permet de revenir.")
    is_new = member is None
    if is_new:
        refuse_second_president(edition, role)
        member = JuryMember.objects.create(
            edition=edition, user=user, role=role, organisation=organisation, ceiling=ceiling
        )
        member.themes.set(themes)
        appoint(member)
    send_invitation(member, by=by)
    return member, is_new


def person_at(email, name):
    """The account of an address, opened without a password if there is none."""
    fields = {"name": name, "password": make_password(None)}
    user, _ = User.objects.get_or_create(email=email.lower(), defaults=fields)
    if not user.is_active:
        raise NotAllowed("Le compte de cette adresse est fermé\u202f: rouvrez-le d’abord.")
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
    return user


def refuse_second_president(edition, role, member=None):
    if role != JuryMember.Role.PRESIDENT:
        return
    others = edition.jury_members.filter(role=role).exclude(pk=member and member.pk)
    if other := others.select_related("user").first():
        raise NotAllowed(f"{other.user} préside déjà ce jury\u202f: un jury a une présidence.")


@transaction.atomic
def send_invitation(member, *, by):
    """Write to a juror who has not left; tell whether it was queued. Raises NotAllowed."""
    rows = JuryMember.objects.select_for_update(of=["self"])
    member = rows.select_related("user", "edition").get(pk=member.pk)
    if member.left_at:
        raise NotAllowed(f"{member.user} a quitté ce jury.")
    now = timezone.now()
    if member.invited_at and now - member.invited_at < TWICE:
        return False
    member.invited_at = now
    member.save(update_fields=["invited_at"])
    tell_invited(member, by=by)
    return True


@transaction.atomic
def change_seat(member, *, role, organisation, ceiling, themes):
    """Change what a juror is in the jury, and not who sits there. Raises NotAllowed."""
    edition = lock(member.edition)
    refuse_second_president(edition, role, member)
    member.role, member.organisation, member.ceiling = role, organisation, ceiling
    member.save(update_fields=["role", "organisation", "ceiling"])
    member.themes.set(themes)
    detect(edition, user=member.user)
