"""What people are told by mail: a subject and a text, queued with what they announce."""

from django.conf import settings
from django.template.loader import render_to_string

from rallynov import outbox


def tell_holders(candidature, name, **context):
    """Queue the mail `trophies/email/<name>_*.txt` to each holder of a candidature."""
    context |= {
        "candidature": candidature,
        "edition": candidature.edition,
        "url": settings.SITE_URL + candidature.get_absolute_url(),
    }
    subject = render_to_string(f"trophies/email/{name}_subject.txt", context)
    text = render_to_string(f"trophies/email/{name}_message.txt", context)
    for email in candidature.holders.filter(is_active=True).values_list("email", flat=True):
        outbox.queue(to=email, subject=subject, text=text)
