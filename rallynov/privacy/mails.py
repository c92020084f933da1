"""What the outbox keeps of mails that left, or that never could."""

from datetime import timedelta

from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.models import MailSent

KEEP_MAILS = timedelta(days=90)


def forget_old_mails():
    """Returns how many went."""
    limit = timezone.now() - KEEP_MAILS
    old = Email.objects.filter(status__in=[STATUS.sent, STATUS.failed], last_updated__lt=limit)
    return old.delete()[1].get("post_office.Email", 0)


def forget_old_events():
    """Who was told of what, long after it could be told again: reminders end with a call."""
    return MailSent.objects.filter(at__lt=timezone.now() - KEEP_MAILS).delete()[0]
