"""The letters of the jury: drafted from its comments, read by the team, then sent, each once."""

import hashlib
import re

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from trophies.models import Decision, Evaluation
from trophies.services.candidatures import lock
from trophies.services.mails import address_of, tell_holders
from trophies.workflow import NotAllowed

# What a draft says of what it lacks begins so, and no letter that holds it can leave.
PLACEHOLDER = "[…"
LACKS = "Il reste « […] » dans la lettre : écrivez ce qui manque, puis relisez-la."
HAS_CHANGED = "Cette lettre a changé entre-temps : la voici telle qu’elle est, à relire."
IS_GONE = "Cette lettre est partie : elle ne change plus."


def letter_of(candidature, outcome, prize):
    """A first draft, with what jurors wrote for the candidate; staff read it before it leaves."""
    comments = [
        evaluation.comment_for_candidate.strip()
        for evaluation in Evaluation.objects.counting(candidature.edition).filter(
            assignment__candidature=candidature
        )
    ]
    context = {
        "candidature": candidature,
        "edition": candidature.edition,
        "prize": prize,
        "comments": [comment for comment in comments if comment],
        "offer": ""
        if candidature.initiative_id
        else address_of(reverse("candidatures:sheet", args=[candidature.uuid])),
    }
    text = render_to_string(f"trophies/letters/{outcome}.txt", context).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


def version_of_letter(decision):
    """What tells one text of a letter from another: who reads it says which they have read."""
    return hashlib.sha256(decision.letter.encode()).hexdigest()[:16]


def is_finished(letter):
    return bool(letter.strip()) and PLACEHOLDER not in letter.replace("[...", PLACEHOLDER)


def keep_letter(decision, letter, *, version, read_by=None):
    """Give a decision its letter, unsaved; a text that changed is to be read again.

    `version` is the text that was on the page (`version_of_letter`), so that nobody writes over
    another's words; `read_by` has read the letter as it is: it may leave. Raises NotAllowed.
    """
    if version != version_of_letter(decision):
        raise NotAllowed(HAS_CHANGED)
    letter = letter.replace("\r\n", "\n")
    if letter != decision.letter:
        decision.letter = letter
        forget_reading(decision)
    if read_by is None:
        return
    if not is_finished(letter):
        raise NotAllowed(LACKS)
    decision.letter_read_at, decision.letter_read_by = timezone.now(), read_by


def forget_reading(decision):
    decision.letter_read_at = decision.letter_read_by = None


@transaction.atomic
def write_letter(decision, *, letter, version, read_by=None):
    """The text of a letter, before it leaves; `read_by`: and it may leave, as it is.

    See `keep_letter`. Raises NotAllowed.
    """
    lock(decision.candidature)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.letter_queued_at:
        raise NotAllowed(IS_GONE)
    keep_letter(decision, letter, version=version, read_by=read_by)
    decision.save()
    return decision


@transaction.atomic
def send_letters():
    """Queue each letter that was read, from the instant of the results on, once."""
    due = Decision.objects.published().filter(letter_queued_at=None, letter_read_at__isnull=False)
    due = due.exclude(letter="").select_for_update(of=["self"])
    for decision in due.select_related("candidature__edition"):
        tell_holders(decision.candidature, "letter", letter=decision.letter)
        decision.letter_queued_at = timezone.now()
        decision.save(update_fields=["letter_queued_at"])
