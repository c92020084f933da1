"""Tags and filters that every template may use: they are loaded as built-ins."""

import re
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import pluralize as django_pluralize
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, json_script
from django.utils.safestring import mark_safe

from rallynov.dates import date_text, day_text, instant_text, paris_text
from rallynov.numbers import euros, number, size_text
from rallynov.richtext import clean_html
from rallynov.search import TOKEN

register = template.Library()


@register.filter
def rich(html):
    """What people wrote with the editor: cleaned once more, then trusted."""
    return mark_safe(clean_html(html))


@register.filter
def raised(text):
    """« 1ᵉʳ », « 2ᵉ » with true superscripts, which the house's fonts do not hold."""
    escaped = conditional_escape(text)
    for letters, plain in (("ᵉʳ", "er"), ("ᵉ", "e")):
        escaped = escaped.replace(letters, f"<sup>{plain}</sup>")
    return mark_safe(escaped)


@register.filter
def pluralize(count, endings="s"):
    """Django’s own, which French agrees with but for nought: « 0 lecture », « 0 juré »."""
    return django_pluralize(count or 1, endings)


TOKENS = re.compile(f"({TOKEN.pattern})")


@register.filter
def marked(text, tokens):
    """Plain `text`, those of its words that are in `tokens` marked (`search.tokens_answering`)."""
    parts = (
        format_html("<mark>{}</mark>", part) if part in tokens else escape(part)
        for part in TOKENS.split(text)
    )
    return mark_safe("".join(parts))


@register.filter
def family(initiative):
    """The family of patterns of an initiative: its theme's, else the house's own."""
    return initiative.theme.pattern if initiative.theme else "rallynov"


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A link of the menu, which says where the reader is. Error pages have no request."""
    address = reverse(name)
    path = context["request"].path if "request" in context else ""
    current = "page" if path == address else "true" if path.startswith(address) else ""
    if not current:
        return format_html('<a href="{}">{}</a>', address, label)
    return format_html('<a href="{}" aria-current="{}">{}</a>', address, current, label)


@register.filter
def elided(page):
    """The numbers of the pages around `page`, with ellipses."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def date_parts(event):
    """What is set large of an event's date, and what is set under it."""
    start = timezone.localtime(event.starts_at)
    if event.date_precision == "year":
        return {"large": start.year, "small": "", "is_word": True}
    if event.date_precision == "month":
        return {"large": date_format(start, "F"), "small": start.year, "is_word": True}
    return {"large": start.day, "small": date_format(start, "F"), "is_word": False}


@register.filter
def webcal(address):
    """The address of a calendar that programs subscribe to, rather than download once."""
    return f"webcal:{address.partition(':')[2]}"


register.filter("number", number)
register.filter("euros", euros)
register.filter("size", size_text)
register.filter("day", day_text)
register.filter("dated", date_text)
register.filter("moment", instant_text)
register.filter("paris_moment", paris_text)


PHASES = {
    "announced": "L’appel ouvrira bientôt.",
    "open": "L’appel est ouvert.",
    "screening": "L’appel est clos : l’équipe vérifie les dossiers.",
    "reading": "Le jury lit les dossiers.",
    "deliberation": "Le jury délibère.",
    "published": "Les lauréats sont connus.",
}


@register.filter
def phase_text(edition):
    """Where an edition stands, in one sentence."""
    return PHASES[edition.phase]


@register.filter
def json_ld(data):
    """Linked data for machines: no text can end the element, as with Django's own `json_script`."""
    return mark_safe(json_script(data).replace("application/json", "application/ld+json", 1))


@register.filter
def site_name(address):
    """« exemple.fr »: an address as one says it."""
    return urlsplit(address).hostname.removeprefix("www.")
