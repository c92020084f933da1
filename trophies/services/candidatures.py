"""A candidature, from its first line to its screening."""

from django.db import transaction
from django.utils import timezone

from partners.models import Organisation
from trophies.models import Candidature, Deposit, Edition, StatusChange
from trophies.services.consents import LAUREATE_SHEET, note_choices
from trophies.services.detection import detect
from trophies.services.mails import tell_holders
from trophies.services.plan import distribute
from trophies.workflow import (
    TRANSITIONS,
    NotAllowed,
    Status,
    is_holder,
    obstacle,
    wrong_status,
)


def lock(candidature):
    """The same candidature, read again under a lock that ends with the transaction."""
    rows = Candidature.objects.select_for_update(of=["self"])
    return rows.select_related("edition").get(pk=candidature.pk)


@transaction.atomic
def change_status(candidature, name, *, by, at=None, reason=""):
    """Make the transition `name`, the only way to write a status; return the candidature.

    Raises NotAllowed, whose text says in French what stands in the way.
    """
    candidature, transition, at = lock(candidature), TRANSITIONS[name], at or timezone.now()
    if refusal := obstacle(transition, candidature, by, at):
        raise NotAllowed(refusal)
    if transition.needs_reason and not reason.strip():
        raise NotAllowed("Dites pourquoi : le porteur lira ce motif.")
    source, candidature.status = candidature.status, transition.target
    candidature.reason = reason.strip() if transition.needs_reason else ""
    STAMPS[transition.target](candidature, at)
    candidature.save()
    StatusChange.objects.create(
        candidature=candidature,
        name=name,
        source=source,
        target=transition.target,
        by=by,
        at=at,
        reason=reason.strip(),
    )
    FOLLOWING[transition.target](candidature)
    return candidature


def stamp_submitted(candidature, at):
    candidature.submitted_at = at
    candidature.reference = next_reference(candidature.edition_id)


def stamp_screened(candidature, at):
    candidature.screened_at = at


def stamp_withdrawn(candidature, at):
    candidature.withdrawn_at = at


STAMPS = {
    Status.SUBMITTED: stamp_submitted,
    Status.ELIGIBLE: stamp_screened,
    Status.INELIGIBLE: stamp_screened,
    Status.WITHDRAWN: stamp_withdrawn,
}


def next_reference(edition_id):
    """« 2027-014 »: the counter is locked, so that two deposits never share a number."""
    edition = Edition.objects.select_for_update().only("year", "last_number").get(pk=edition_id)
    edition.last_number += 1
    edition.save(update_fields=["last_number"])
    return f"{edition.year}-{edition.last_number:03}"


def after_acceptance(candidature):
    """The directory knows the organisation, and the jury has one more file to read."""
    if candidature.organisation is None:
        candidature.organisation = organisation_of(candidature)
        candidature.save(update_fields=["organisation"])
    detect(candidature.edition, candidature=candidature)
    distribute(candidature.edition)
    tell_holders(candidature, "eligible")


def organisation_of(candidature):
    deposited = candidature.last_deposit.payload
    return Organisation.objects.get_or_make(
        deposited["organisation"]["name"],
        kind=deposited["organisation"]["kind"],
        commune_id=deposited["commune"]["code"],
        is_example=candidature.edition.is_example,
    )


FOLLOWING = {
    # The receipt of the deposit says it.
    Status.SUBMITTED: lambda candidature: None,
    Status.ELIGIBLE: after_acceptance,
    Status.INELIGIBLE: lambda candidature: tell_holders(candidature, "ineligible"),
    Status.WITHDRAWN: lambda candidature: tell_holders(candidature, "withdrawn"),
}


@transaction.atomic
def deposit(*, candidature, by, received_at):
    """Deposit the working text, as it stands, at the instant when the request came in.

    Two clicks at once make one deposit: the second finds the text deposited already. Raises
    NotAllowed.
    """
    candidature = lock(candidature)
    if not is_holder(candidature, by):
        raise NotAllowed("Vous ne pouvez pas faire cela.")
    last, payload = candidature.last_deposit, candidature.payload()
    if last and last.payload == payload:
        return last
    if last:
        refuse_late_change(candidature, received_at)
    else:
        candidature = change_status(candidature, "submit", by=by, at=received_at)
    made = write_deposit(
        candidature,
        payload=payload,
        regulation=candidature.edition.regulations.first(),
        by=by,
        received_at=received_at,
    )
    names = payload["publishable"]
    note_choices(LAUREATE_SHEET, names=names, by=by, about=candidature.uuid)
    tell_holders(candidature, "receipt", deposit=made)
    return made


def write_deposit(candidature, **fields):
    """The next deposit of a candidature that is locked."""
    last = candidature.deposits.first()
    number = last.number + 1 if last else 1
    return Deposit.objects.create(candidature=candidature, number=number, **fields)


def refuse_late_change(candidature, received_at):
    if candidature.status != Status.SUBMITTED:
        raise NotAllowed(wrong_status(candidature))
    guards = TRANSITIONS["submit"].guards
    if refusal := next(filter(None, (guard(candidature, received_at) for guard in guards)), ""):
        raise NotAllowed(refusal)
