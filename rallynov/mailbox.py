"""The local mailbox of the example mode: the mails that would have left, as files."""

from datetime import UTC
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime
from django.views.generic import TemplateView

SHOWN = 50


def mails():
    """The newest mails first, as `email.message.EmailMessage`."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)[:SHOWN]
    return [message for file in files for message in reversed(messages_of(file))]


def messages_of(file):
    # Django's file backend ends each message with a line of 79 dashes.
    parts = file.read_bytes().split(b"-" * 79)
    return [
        message_from_bytes(part.lstrip(), policy=policy.default) for part in parts if part.strip()
    ]


def summary(message):
    body = message.get_body(("plain", "html"))
    return {
        "to": message["To"],
        "subject": message["Subject"],
        "date": local_date(message),
        "text": body.get_content() if body else "",
    }


def local_date(message):
    if not message["Date"]:
        return None
    date = message["Date"].datetime
    # Django writes « -0000 »: an instant in UTC, which `email` reads as one without a zone.
    return localtime(date if date.tzinfo else date.replace(tzinfo=UTC))


class MailboxView(TemplateView):
    template_name = "mailbox.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(mails=[summary(mail) for mail in mails()], **kwargs)
