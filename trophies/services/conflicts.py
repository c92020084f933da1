"""Ties between a person and a file: who declares them, who rules on them."""

import hashlib

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from trophies.models import Candidature, ConflictOfInterest
from trophies.services.detection import detect, reopen
from trophies.services.plan import distribute
from trophies.workflow import NotAllowed

__all__ = [
    "awaiting_declaration",
    "declare",
    "declare_conflict",
    "detect",
    "rule",
    "undeclared_files",
    "version_of",
]

Origin, Ruling = ConflictOfInterest.Origin, ConflictOfInterest.Ruling

BETWEEN = "\n\n"  # two reasons of one row
CHANGED = (
    "Ce lien a changé depuis que vous l’avez ouvert\u202f: relisez-le, puis tranchez de nouveau. "
    "Rien n’est perdu de ce que vous avez écrit."
)


# What is left to declare ------------------------------------------------------------------------


def undeclared_files(member):
    """The files that a juror could read if they had declared their ties since these came."""
    own = Candidature.holders.through.objects.filter(candidature=OuterRef("pk"))
    tie = ConflictOfInterest.objects.hiding(OuterRef("pk"), member.user_id)
    files = Candidature.objects.eligible().filter(edition=member.edition_id)
    files = files.filter(~tie, ~Exists(own.filter(user=member.user_id)))
    if member.left_at or member.edition.has_been_read:
        return files.none()
    return files.filter(screened_at__gt=member.declared_at) if member.declared_at else files


def awaiting_declaration(member):
    """Whether a file waits for this juror to declare their ties."""
    return undeclared_files(member).exists()


# Declaring --------------------------------------------------------------------------------------


@transaction.atomic
def declare(*, user, candidatures, reason, origin=Origin.DECLARED):
    """`user` has a tie with these files: from now on they find no trace of them.

    What was dismissed waits for a ruling again; what was upheld stays so. A reason is added to
    those that were given before.
    """
    rows = ConflictOfInterest.objects.filter(user=user, candidature__in=candidatures)
    ConflictOfInterest.objects.bulk_create(
        [
            ConflictOfInterest(user=user, candidature=file, origin=origin, reason=reason)
            for file in sorted(candidatures, key=lambda file: file.pk)
        ],
        ignore_conflicts=True,
    )
    for row in rows.select_for_update(of=["self"]).order_by("pk"):
        add_reason(row, origin, reason)


def add_reason(row, origin, reason):
    reasons = row.reason.split(BETWEEN) if row.reason else []
    if reason in reasons and row.ruling != Ruling.DISMISSED:
        return
    row.reason = BETWEEN.join(dict.fromkeys([*reasons, reason]))
    # The person's own word goes before what others say of it.
    row.origin = row.origin if row.origin == Origin.DECLARED else origin
    if row.ruling == Ruling.DISMISSED:
        reopen(row)
    row.save()


def declare_conflict(assignment, *, reason):
    """A juror says, of a file that they read, that they have a tie with it."""
    declare(user=assignment.jury_member.user, candidatures=[assignment.candidature], reason=reason)


# Ruling -----------------------------------------------------------------------------------------


def version_of(conflict):
    """What somebody who rules has before their eyes: it changes with all that may change it."""
    facts = [conflict.origin, conflict.reason, conflict.signs, conflict.ruling, conflict.ruled_at]
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:16]


@transaction.atomic
def rule(conflict, *, upheld, reason, by, seen=""):
    """Say whether the tie holds, and why. Dismissed, it gives the file back.

    `seen` is the `version_of()` the row that `by` read; the row as given, by default. Raises
    NotAllowed when somebody, or something new, came between, unless it is this very ruling.
    """
    seen = seen or version_of(conflict)
    rows = ConflictOfInterest.objects.select_for_update(of=["self"])
    row = rows.select_related("candidature__edition").get(pk=conflict.pk)
    if not may_rule(row, by):
        raise NotAllowed("Vous ne pouvez pas faire cela.")
    ruling = Ruling.UPHELD if upheld else Ruling.DISMISSED
    if (row.ruling, row.ruling_reason) == (ruling, reason):
        return row
    if version_of(row) != seen:
        raise NotAllowed(CHANGED)
    row.ruling, row.ruling_reason = ruling, reason
    row.ruled_by, row.ruled_at = by, timezone.now()
    row.save()
    if not upheld:
        distribute(row.candidature.edition)
    return row


def may_rule(conflict, user):
    """The team, but never on a tie of one's own, nor on one with a file hidden from oneself."""
    visible = ConflictOfInterest.objects.visible_to(user).filter(pk=conflict.pk)
    return user.has_perm("trophies.change_conflictofinterest") and visible.exists()
