"""What jurors are told by mail: never a title, an organisation or a number of the whole call."""

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from accounts import mails
from accounts.passwords import LINK_LIFE, password_link
from rallynov.dates import instant_text, paris_text
from trophies.models import JuryMember
from trophies.rounds import end_of, last_round

PLACES = {
    JuryMember.Role.PRESIDENT: "pour le présider",
    JuryMember.Role.DEPUTY: "pour en assurer la vice-présidence",
    JuryMember.Role.MEMBER: "pour y lire et y décider",
}
NEW = (
    "Pour commencer, choisissez votre mot de passe. Ce lien est à vous seul, vaut trois jours et "
    "ne sert qu’une fois."
)
KNOWN = "Vous avez déjà un mot de passe sur Rally’nov\u202f: entrez avec lui et avec cette adresse."


def address_of(name, **query):
    url = settings.SITE_URL + reverse(name)
    return f"{url}?{urlencode(query)}" if query else url


def common(edition):
    return {"annee": edition.year, "contact": address_of("pages:contact")}


def when_to_read(edition):
    """The sentence of an invitation that tells the dates."""
    start, end = edition.jury_opens_at, edition.jury_closes_at
    if start is None:
        return "Nous vous dirons bientôt les dates des lectures."
    return (
        f"Les lectures vont du {instant_text(start)} au {paris_text(end)}. Vous lisez quand vous "
        "voulez entre ces deux dates\u202f: tout s’enregistre à mesure."
    )


def access_of(user):
    """(sentence, link): how this person comes in."""
    if user.has_usable_password():
        return KNOWN, address_of("account_login", next=reverse("admin:trophies_readings"))
    return NEW, password_link(user)


def left_text(count):
    return "une lecture à signer" if count == 1 else f"{count} lectures à signer"


def tell_invited(member, *, by):
    """Queue the invitation: it holds a personal link where the person has no password yet."""
    access, link = access_of(member.user)
    mails.send(
        "jury_invitation",
        to=member.user.email,
        fields=common(member.edition)
        | {
            "personne": by.get_full_name(),
            "place": PLACES[member.role],
            "lectures": when_to_read(member.edition),
            "acces": access,
            "lien": link,
            "oubli": address_of("account_reset_password"),
        },
        expires_in=LINK_LIFE,
    )


def tell_juror(member, kind, *, event, left=None):
    """Queue a mail about the readings of a juror, once for an event; tell whether it was queued."""
    edition = member.edition
    fields = common(edition) | {
        "fin": paris_text(end_of(edition, last_round(edition))),
        "lien": address_of("admin:trophies_readings"),
    }
    if left is not None:
        fields["reste"] = left_text(left)
    return mails.send(kind, to=member.user.email, fields=fields, event=event)
