"""The register, for everyone; and the copy of one's own data, for who holds the link of a mail."""

import tempfile

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from accounts import mails
from rallynov.privacy.link import address_in, token_of
from rallynov.privacy.person import Person, held_by
from rallynov.privacy.register import REGISTER
from rallynov.privacy.takeout import write_takeout

ZIP_NAME = "donnees-rallynov.zip"


class RegisterView(TemplateView):
    """What is kept of people and why, the same for everyone."""

    template_name = "privacy/register.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(register=REGISTER, **kwargs)


def send_link(email):
    """Mail to an address the link of its own data: nobody else sees them."""
    link = reverse("privacy-copy", args=[token_of(email.strip().lower())])
    mails.send("personal_data", to=email, fields={"lien": settings.SITE_URL + link})


@method_decorator(never_cache, name="dispatch")
class CopyView(View):
    """Opening the link, as mail scanners do, tells nothing: the button does."""

    def get(self, request, token):
        person = person_of(token)
        parts = [treatment for treatment, found in held_by(person) if found]
        return render(request, "privacy/copy.html", {"person": person, "parts": parts})

    def post(self, request, token):
        person = person_of(token)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        write_takeout(person, file, site=settings.SITE_URL)
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=ZIP_NAME, content_type="application/zip"
        )


def person_of(token):
    try:
        return Person.of(address_in(token))
    except InvalidToken:
        raise Http404("no such link, or not any more") from None
