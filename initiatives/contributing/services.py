"""What people bring to the directory: kept, read by the team, answered.

Each write locks the sheet first, if there is one, then the contribution.
"""

import json
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import mails
from initiatives.contributing import holding, values
from initiatives.contributing.answers import title_of
from initiatives.contributing.models import Contribution
from initiatives.contributing.refusals import NotPossible
from initiatives.models import Initiative
from rallynov.dates import instant_text
from rallynov.locks import wait_for_lock

MOST_CLAIMS = 5

Kind, State = Contribution.Kind, Contribution.State

# Sending ------------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, proposed, name, email, carries_it):
    """Keep an initiative that somebody proposes; the same sent twice is kept once."""
    wait_for_lock("proposals")
    fields = {"kind": Kind.PROPOSAL, "values": proposed, "email": email}
    own = Contribution.objects.pending().filter(**fields).first()
    if own is None:
        own = Contribution.objects.create(name=name, carries_it=carries_it, **fields)
    return own


@transaction.atomic
def report_fault(*, initiative, message, name, email):
    """Keep what somebody says is wrong on a sheet; the same sent twice is kept once."""
    lock_sheet(initiative)
    fields = {"kind": Kind.FAULT, "initiative": initiative, "message": message, "email": email}
    own = Contribution.objects.pending().filter(**fields).first()
    return own or Contribution.objects.create(name=name, **fields)


@transaction.atomic
def claim(*, initiative, by, name, message):
    """Ask to hold a sheet. Raises NotPossible."""
    lock_sheet(initiative)
    if initiative.sheet_holders.filter(user=by).exists():
        raise NotPossible("Vous tenez déjà cette fiche.")
    if name and not by.name:
        by.name = name
        by.save(update_fields=["name"])
    pending = Contribution.objects.pending().filter(kind=Kind.CLAIM, by=by)
    if own := pending.filter(initiative=initiative).first():
        return own
    if pending.count() >= MOST_CLAIMS:
        raise NotPossible(
            "Cinq de vos demandes attendent déjà une réponse\u202f: revenez quand l’équipe les "
            "aura lues."
        )
    return Contribution.objects.create(
        kind=Kind.CLAIM, initiative=initiative, by=by, name=name, email=by.email, message=message
    )


@transaction.atomic
def correct(*, initiative, by, before, after, message):
    """Send what a holder says of their sheet, in place of what they sent and nobody has read.

    `before`: what the sheet said when the form was opened. Raises NotPossible.
    """
    lock_sheet(initiative)
    if not initiative.sheet_holders.filter(user=by).exists():
        raise NotPossible("Vous ne tenez plus cette fiche.")
    before, after = values.changes(before, after)
    if not after and not message:
        raise NotPossible("Rien n’a changé\u202f: corrigez quelque chose, ou dites-nous un mot.")
    own = pending_correction(initiative, by).select_for_update().first()
    own = own or Contribution(kind=Kind.CORRECTION, initiative=initiative, by=by)
    own.name, own.email, own.message = by.name, by.email, message
    own.before, own.values, own.created_at = before, after, timezone.now()
    own.save()
    return own


def pending_correction(initiative, user):
    rows = Contribution.objects.pending()
    return rows.filter(kind=Kind.CORRECTION, initiative=initiative, by=user)


def lock_sheet(initiative):
    Initiative.objects.select_for_update().only("pk").get(pk=initiative.pk)


# Reading ------------------------------------------------------------------------------------------


def version_of(contribution):
    """What a moderator has before their eyes: what is asked, and what the sheet says."""
    sheet = contribution.initiative
    told = [contribution.values, contribution.message, sheet and values.said(sheet)]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def conflicts(contribution):
    """The fields that the sheet says otherwise since the correction began: `{name: value}`."""
    if contribution.state != State.PENDING or contribution.initiative is None:
        return {}
    current = values.said(contribution.initiative)
    return {
        name: current[name]
        for name, value in contribution.before.items()
        if values.known(name, current) != values.comparable(name, value)
    }


# Answering ----------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, contribution, by, seen, names, answer, is_published=False):
    """Do what is asked, as far as the fields `names` go, and answer. Raises NotPossible.

    `seen`: the `version_of()` that was read; `is_published` puts the sheet of a proposal online.
    """
    contribution = unanswered(contribution, seen)
    sheet = contribution.initiative
    chosen = {name: contribution.values[name] for name in contribution.values if name in names}
    if contribution.kind == Kind.PROPOSAL:
        sheet = contribution.initiative = make_sheet(contribution, chosen, is_published)
    elif sheet is None:
        raise NotPossible("La fiche n’existe plus\u202f: écartez, en le disant.")
    elif contribution.kind == Kind.CORRECTION:
        apply(sheet, chosen)
    invitation = entrust(contribution, by)
    close(contribution, State.ACCEPTED, by=by, answer=answer)
    tell(contribution, sheet, invitation)
    return contribution


def make_sheet(contribution, chosen, is_published):
    missing = [name for name in values.REQUIRED if not chosen.get(name)]
    if missing:
        raise NotPossible("Une fiche a au moins un titre et une phrase\u202f: gardez-les.")
    sheet = values.new_sheet(chosen)
    sheet.published_at = timezone.now() if is_published else None
    values.write(sheet, chosen)
    return sheet


def apply(sheet, chosen):
    """A holder has just read their sheet again: it is true as of today."""
    sheet.verified_on = timezone.localdate()
    values.write(sheet, chosen)


def entrust(contribution, by):
    """Who claimed the sheet holds it; who proposed one that they carry is invited to."""
    if contribution.kind == Kind.CLAIM and contribution.by:
        holding.add_holder(contribution.initiative, contribution.by)
    elif contribution.kind == Kind.PROPOSAL and contribution.carries_it and contribution.email:
        return holding.invitation_for(contribution.initiative, contribution.email, by=by)
    return None


@transaction.atomic
def refuse(*, contribution, by, seen, answer):
    """Answer no, with the reason. Raises NotPossible."""
    contribution = unanswered(contribution, seen)
    close(contribution, State.REFUSED, by=by, answer=answer)
    tell(contribution, contribution.initiative, None)
    return contribution


def unanswered(contribution, seen):
    """The row, locked with its sheet, if nobody answered it and nothing changed since `seen`."""
    sheets = Initiative.objects.select_for_update()
    sheet = sheets.filter(pk=contribution.initiative_id).first()
    rows = Contribution.objects.select_for_update(of=["self"])
    contribution = rows.select_related("answered_by", "by").get(pk=contribution.pk)
    if contribution.state != State.PENDING:
        who = contribution.answered_by or "Quelqu’un"
        at = instant_text(contribution.answered_at)
        raise NotPossible(f"{who} a déjà répondu, le {at}\u202f: votre réponse n’est pas partie.")
    contribution.initiative = sheet
    if version_of(contribution) != seen:
        raise NotPossible(
            "La fiche ou la contribution a changé pendant votre lecture\u202f: relisez, puis "
            "répondez."
        )
    return contribution


def close(contribution, state, *, by, answer):
    contribution.state, contribution.answer = state, answer
    contribution.answered_by, contribution.answered_at = by, timezone.now()
    contribution.save()


def tell(contribution, sheet, invitation):
    """Answer by mail, if there is an address and something to say."""
    if not contribution.email or not contribution.answer:
        return
    key, link = kind_of_answer(contribution, sheet, invitation)
    fields = {"initiative": title_of(contribution), "message": contribution.answer}
    mails.send(
        key,
        to=contribution.email,
        fields=fields | ({"lien": settings.SITE_URL + link} if link else {}),
        event=f"contribution:{contribution.uuid}",
    )


def kind_of_answer(contribution, sheet, invitation):
    """The kind of mail and the address that it leads to."""
    is_accepted = contribution.state == State.ACCEPTED
    if invitation:
        return "contribution_holder", invitation.get_absolute_url()
    if is_accepted and contribution.kind == Kind.CLAIM:
        return "contribution_holder", holding.sheet_url(sheet)
    if is_accepted and Initiative.objects.published().filter(pk=sheet.pk).exists():
        return "contribution_published", sheet.get_absolute_url()
    return "contribution_answer", ""
