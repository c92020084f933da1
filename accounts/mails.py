"""The one way to send a mail of a declared kind (`mail_kinds`), in the team's words or ours."""

import logging

from django.db import transaction

from accounts.mail_kinds import KINDS, Wording
from accounts.models import MailSent, MailText
from rallynov import outbox

logger = logging.getLogger("rallynov.mails")


def wording_of(kind):
    """The team's own text if it wrote one that is sound, else the text by default."""
    own = MailText.objects.filter(key=kind.key).first()
    if own is None:
        return kind.wording
    if kind.subject_faults(own.subject) or kind.text_faults(own.text):
        # A field was renamed since: nothing that people do may fail for that.
        logger.error("le texte du courriel « %s » n’est plus valable", kind.key)
        return kind.wording
    return Wording(own.subject, own.text, own.button or kind.wording.button)


@transaction.atomic
def send(key, *, to, fields, event="", headers=None, is_urgent=False, expires_in=None, about=None):
    """Queue a mail of kind `key` to the address `to`; tell whether it was queued.

    `fields` gives words to every field of the kind. With `event`, an address is told once of it,
    whoever asks, however many times.
    """
    kind = KINDS[key]
    if set(fields) != set(kind.names):
        raise ValueError(f"{key} needs the fields {kind.names}, not {sorted(fields)}")
    if event and not MailSent.objects.claim(address=to, event=event):
        return False
    values = {name: str(words) for name, words in fields.items()}
    subject, text, html = kind.compose(values, wording_of(kind))
    outbox.queue(
        to=to,
        subject=subject,
        text=text,
        html=html,
        headers=headers,
        is_urgent=is_urgent,
        expires_in=expires_in,
        about=about,
    )
    return True
