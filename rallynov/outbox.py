"""The outbox: a mail is first a row, written with what it announces; the worker sends it."""

import logging
import re
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import F, Func, UUIDField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from post_office.mail import get_queued, send_queued
from post_office.models import PRIORITY, STATUS, Email

from rallynov.locks import take_lock

logger = logging.getLogger("rallynov.outbox")

# How long to wait after each failure; then the mail stays failed, for staff to see.
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440)]


def one_line(text):
    """A text without line breaks; the spaces of French typography stay what they are."""
    return re.sub(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+", " ", text).strip()


def queue(
    *, to, subject, text, html="", headers=None, is_urgent=False, expires_in=None, about=None
):
    """Write a mail in the outbox, within the transaction under way.

    `about`: the UUID of what it tells of, kept in its identifier (`with_about`), so that its row
    is hidden from whoever may not see that.

    post_office's own functions would read its words as templates; what people typed must not be.
    """
    return Email.objects.create(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        subject=one_line(subject),
        message=text,
        html_message=html,
        message_id=make_msgid(
            str(about) if about else None, domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]
        ),
        headers={"Auto-Submitted": "auto-generated"} | (headers or {}),
        priority=PRIORITY.high if is_urgent else PRIORITY.medium,
        status=STATUS.queued,
        expires_at=timezone.now() + expires_in if expires_in else None,
    )


def with_about(mails):
    """The rows of a queryset, each with the UUID that it tells of, or None."""
    uuid = Func(F("message_id"), Value(r"\.([0-9a-f-]{36})@"), function="SUBSTRING")
    return mails.annotate(about=Cast(uuid, UUIDField()))


def send_next():
    """Send one mail that is due; tell whether there may be others.

    One mail, one transaction: a crash repeats that mail at most.
    """
    with transaction.atomic():
        if not take_lock("outbox"):
            return False
        mail = get_queued().first()
        if mail is None:
            return False
        send_queued()
        mail.refresh_from_db(fields=["status", "number_of_retries"])
        if mail.status == STATUS.sent:
            erase(Email.objects.filter(pk=mail.pk))
        else:
            retry_later(mail)
        return True


def erase(mails):
    """Forget what mails said: a code, a personal link."""
    mails.update(message="", html_message="", headers=None, context=None)


def retry_later(mail):
    failures = mail.number_of_retries or 0
    logger.warning("le courriel %s n’est pas parti (échec %s)", mail.pk, failures + 1)
    if failures >= len(DELAYS):
        return
    mail.status = STATUS.requeued
    mail.number_of_retries = failures + 1
    mail.scheduled_time = timezone.now() + DELAYS[failures]
    mail.save(update_fields=["status", "number_of_retries", "scheduled_time", "last_updated"])
