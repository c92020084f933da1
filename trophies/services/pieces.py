"""The files that holders join: announced, kept, taken away."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from trophies.models import Announcement, Attachment, Deposit
from trophies.services.candidatures import lock, write_deposit
from trophies.services.mails import tell_holders
from trophies.workflow import NotAllowed, Status, call_is_open, is_holder, wrong_status

# A file that was announced before the closing may still arrive.
ARRIVES_WITHIN = timedelta(minutes=15)
WRITTEN = (Status.DRAFT, Status.SUBMITTED)
# Once the call is closed the team may have screened the file before its last piece came.
AWAITED = (*WRITTEN, Status.ELIGIBLE)
SENT_BY_HAND = (Deposit.Origin.HOLDER, Deposit.Origin.TEAM)


@dataclass(frozen=True)
class Kept:
    """What became of a file."""

    piece: Attachment
    is_new: bool = True
    deposit: Deposit | None = None  # made at once, for a file that was on its way


@transaction.atomic
def announce_file(candidature, *, name, size, by, at=None):
    """Note, before it is sent, that `by` joins a file. Raises NotAllowed."""
    candidature, at = lock(candidature), at or timezone.now()
    refuse_stranger(candidature, by)
    refuse_unless_written(candidature, at)
    refuse_when_full(candidature)
    return Announcement.objects.create(
        candidature=candidature, name=name, size=size, by=by, announced_at=at
    )


def attach(candidature, prepared, *, announcement=None, at=None):
    """Join a checked file (`attachments.prepare`) to the candidature; return `Kept`.

    A file that came after the closing needs the announcement made before it. Raises NotAllowed, and
    then, as after any fault, leaves nothing in storage.
    """
    at = at or timezone.now()
    piece = row_of(candidature, prepared)
    try:
        with transaction.atomic():
            return join(lock(candidature), piece, prepared, announcement, at)
    except BaseException:
        if piece.file:
            piece.file.storage.delete(piece.file.name)
        raise


def join(candidature, piece, prepared, announcement, at):
    if announcement:
        refuse_stranger(candidature, announcement.by)
    if twin := candidature.attachments.kept().filter(sha256=piece.sha256).first():
        return Kept(twin, is_new=False)
    if announcement and announcement.announced_at < candidature.closes_at <= at:
        refuse_too_late(candidature, announcement, at)
    else:
        refuse_unless_written(candidature, at)
    refuse_when_full(candidature)
    keep(piece, prepared)
    if announcement is None:
        return Kept(piece)
    announcement.completed_at = at
    announcement.save()
    return Kept(piece, deposit=join_last_deposit(candidature, piece, announcement, at))


def row_of(candidature, prepared):
    return Attachment(
        candidature=candidature,
        name=prepared.name,
        kind=prepared.kind,
        size=prepared.size,
        sha256=prepared.sha256,
    )


def keep(piece, prepared):
    """Write the file, then its row: no row ever names a file that is not whole."""
    piece.file.save(prepared.name, prepared.file, save=False)
    piece.save()
    return piece


def join_last_deposit(candidature, piece, announcement, at):
    """Deposit again what was sent last, with the file that was on its way, or return None.

    Who deposits while a file is being sent means it too, before the closing as after it.
    """
    last = candidature.last_deposit
    sent = candidature.deposits.filter(origin__in=SENT_BY_HAND).first()
    was_on_its_way = sent and sent.received_at >= announcement.announced_at
    if not was_on_its_way:
        return None
    files = [*last.payload["files"], piece.summary()]
    if len(files) > candidature.edition.most_files:
        return None
    made = write_deposit(
        candidature,
        payload=last.payload | {"files": files},
        regulation=last.regulation,
        by=announcement.by,
        received_at=at,
        origin=Deposit.Origin.LATE_FILE,
        reason=f"Pièce en route au moment du dépôt : {piece.name}",
    )
    tell_holders(candidature, "receipt", deposit=made)
    return made


@transaction.atomic
def detach(piece, *, at=None):
    """Take a file away; a deposit that lists it keeps it. Raises NotAllowed."""
    candidature = lock(piece.candidature)
    refuse_unless_written(candidature, at or timezone.now())
    # Two clicks at once: the second finds it gone already.
    piece = candidature.attachments.kept().filter(pk=piece.pk).first()
    if piece is None:
        return
    payloads = candidature.deposits.values_list("payload", flat=True)
    if any(str(piece.uuid) == file["uuid"] for payload in payloads for file in payload["files"]):
        piece.removed_at = timezone.now()
        piece.save(update_fields=["removed_at"])
        return
    piece.delete()
    transaction.on_commit(lambda: piece.file.storage.delete(piece.file.name))


# What stands in the way -------------------------------------------------------------------------


def refuse_stranger(candidature, user):
    if not is_holder(candidature, user):
        raise NotAllowed("Vous ne pouvez pas faire cela.")


def refuse_unless_written(candidature, at):
    if candidature.status not in WRITTEN:
        raise NotAllowed(wrong_status(candidature))
    if refusal := call_is_open(candidature, at):
        raise NotAllowed(f"{refusal} Les fichiers ne changent plus.")


def refuse_too_late(candidature, announcement, at):
    if candidature.status not in AWAITED:
        raise NotAllowed(wrong_status(candidature))
    if announcement.completed_at or at >= candidature.closes_at + ARRIVES_WITHIN:
        raise NotAllowed(
            "L’appel est clos, et ce fichier est arrivé trop tard : il devait être complet dans "
            "les quinze minutes."
        )


def refuse_when_full(candidature):
    most = candidature.edition.most_files
    if candidature.attachments.kept().count() >= most:
        said = f"Vous avez déjà {most} fichiers" if most > 1 else "Vous avez déjà un fichier"
        raise NotAllowed(f"{said}, c’est le nombre permis. Retirez-en un d’abord.")
