"""Who holds a sheet: those to whom the team gave it, and those whom they invited."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from initiatives.contributing.models import SheetHolder, SheetInvitation
from initiatives.contributing.refusals import NotPossible
from initiatives.models import Initiative
from rallynov.dates import day_text
from rallynov.publishing import is_public

MOST_INVITED = 5


def sheet_url(sheet):
    """Where whoever holds the sheet corrects it."""
    return reverse("sheets:sheet", args=[sheet.slug])


def held_by(user):
    """The sheets that the person holds, and the public reads."""
    held = SheetHolder.objects.filter(user=user).values("initiative")
    return Initiative.objects.published().filter(pk__in=held)


def drafts_held_by(user):
    """Those that the team prepares: their title may be told, which the person proposed."""
    held = SheetHolder.objects.filter(user=user).values("initiative")
    return Initiative.objects.filter(~is_public(), pk__in=held, embargo_year=None)


def invitations_to(user):
    """Those that the person may still accept."""
    rows = SheetInvitation.objects.filter(is_told("initiative__"), email=user.email)
    return rows.filter(accepted_at=None).select_related("initiative", "by")


def is_told(prefix):
    """A sheet of which a mail may speak: nothing that awaits results."""
    return is_public(prefix) | Q(**{f"{prefix}embargo_year": None})


# Writing ------------------------------------------------------------------------------------------


@transaction.atomic
def invite(*, initiative, email, by, is_handover=False):
    """Ask `email`, by mail, to hold the sheet too, or in the place of `by`. Raises NotPossible."""
    lock(initiative, by)
    if initiative.sheet_holders.filter(user__email=email).exists():
        raise NotPossible("Cette personne tient déjà la fiche.")
    waiting = initiative.sheet_invitations.filter(accepted_at=None)
    if own := waiting.filter(email=email, is_handover=is_handover).first():
        raise NotPossible(
            f"Cette personne est déjà invitée, depuis le {day_text(own.created_at)}. Pour lui "
            "écrire de nouveau, annulez d’abord son invitation."
        )
    waiting = waiting.exclude(email=email)
    if waiting.count() >= MOST_INVITED:
        raise NotPossible("Cinq invitations attendent déjà\u202f: annulez-en une d’abord.")
    invitation = invitation_for(initiative, email, by=by, is_handover=is_handover)
    key = "sheet_handover" if is_handover else "sheet_invitation"
    send(key, invitation.get_absolute_url(), initiative, to=email, person=by,
         event=f"{key}:{invitation.uuid}")  # fmt: skip
    return invitation


def invitation_for(initiative, email, *, by, is_handover=False):
    """One that may be accepted; another one if it was accepted before."""
    own = SheetInvitation.objects.filter(initiative=initiative, email=email)
    own.exclude(accepted_at=None).delete()
    invitation, _ = SheetInvitation.objects.update_or_create(
        initiative=initiative,
        email=email,
        defaults={"by": by, "is_handover": is_handover},
    )
    return invitation


@transaction.atomic
def cancel_invitation(*, invitation):
    SheetInvitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


@transaction.atomic
def accept_invitation(*, invitation, by):
    """`by` holds the sheet from now on; after a hand-over, whoever invited them does no more."""
    sheet = Initiative.objects.select_for_update().get(pk=invitation.initiative_id)
    fresh = SheetInvitation.objects.filter(pk=invitation.pk, accepted_at=None).first()
    if fresh is None:
        if not sheet.sheet_holders.filter(user=by).exists():
            raise NotPossible("Cette invitation n’est plus valable.")
        return sheet
    fresh.accepted_at = timezone.now()
    fresh.save(update_fields=["accepted_at"])
    if fresh.is_handover and fresh.by and fresh.by != by:
        remove(sheet, fresh.by)
        told = {"initiative": sheet.title, "personne": str(by)}
        mails.send("sheet_handed_over", to=fresh.by.email, fields=told)
    add_holder(sheet, by)
    return sheet


def add_holder(sheet, user):
    """Those who held it are told."""
    _, is_new = SheetHolder.objects.get_or_create(initiative=sheet, user=user)
    others = sheet.sheet_holders.exclude(user=user).select_related("user") if is_new else []
    for holder in others:
        link = reverse("sheets:people", args=[sheet.slug])
        send("sheet_joined", link, sheet, to=holder.user.email, person=user)


@transaction.atomic
def leave(*, initiative, by):
    """`by` holds the sheet no more: it stays, with or without others."""
    Initiative.objects.select_for_update().get(pk=initiative.pk)
    remove(initiative, by)


@transaction.atomic
def take_back(*, initiative, user):
    """The team lets `user` hold the sheet no more, and tells them."""
    Initiative.objects.select_for_update().only("pk").get(pk=initiative.pk)
    remove(initiative, user)
    if Initiative.objects.filter(is_told(""), pk=initiative.pk).exists():
        mails.send("sheet_taken_back", to=user.email, fields={"initiative": initiative.title})


def remove(sheet, user):
    """And nobody may accept any more what they asked."""
    SheetHolder.objects.filter(initiative=sheet, user=user).delete()
    SheetInvitation.objects.filter(initiative=sheet, by=user, accepted_at=None).delete()


def lock(initiative, by):
    """The sheet, locked, if `by` holds it still."""
    Initiative.objects.select_for_update().only("pk").get(pk=initiative.pk)
    if not initiative.sheet_holders.filter(user=by).exists():
        raise NotPossible("Vous ne tenez plus cette fiche.")


def send(key, link, sheet, *, to, person, event=""):
    fields = {
        "initiative": sheet.title,
        "personne": str(person),
        "lien": settings.SITE_URL + link,
    }
    mails.send(key, to=to, fields=fields, event=event)
