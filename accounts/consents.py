"""Consents: what people agreed to, in its very words, when; and when they took it back.

Words are declared where they are asked. The first consent to words that changed makes a new version
of the text, and each consent keeps the version that was read.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, ConsentText
from rallynov.locks import wait_for_lock


@dataclass(frozen=True)
class Wording:
    """What is asked, by key; the words are those that people read when they say yes."""

    key: str
    words: str


def give(wording, *, email, about=None):
    """Note that an address agrees; to the same words, a second time changes nothing."""
    choose([wording], [wording], email=email, about=about)


@transaction.atomic
def choose(asked, chosen, *, email, about=None):
    """Of the wordings `asked`, an address agrees to `chosen`: the others are taken back.

    About one thing (`about`, its UUID), the last word of any of its people is what counts.
    """
    email, texts = email.lower(), texts_of(asked)
    others = [wording.key for wording in asked if wording not in chosen]
    standing_of(others, email=email, about=about).update(withdrawn_at=timezone.now())
    own = standing_of([wording.key for wording in chosen], email=email, about=about)
    known = set(own.filter(email=email).values_list("text", flat=True))
    wanted = [texts[wording.key] for wording in chosen]
    # To former words of the same key: the new ones stand in their place.
    own.filter(email=email).exclude(text__in=wanted).update(withdrawn_at=timezone.now())
    Consent.objects.bulk_create(
        Consent(text=text, email=email, about=about) for text in wanted if text.pk not in known
    )


def withdraw(key, *, email, about=None):
    standing_of([key], email=email.lower(), about=about).update(withdrawn_at=timezone.now())


def standing_of(keys, *, email, about=None):
    """Those that were given and not taken back: about one thing, or by one address."""
    rows = Consent.objects.filter(text__key__in=keys, withdrawn_at=None, about=about)
    return rows if about else rows.filter(email=email)


# The words --------------------------------------------------------------------------------------


def texts_of(wordings):
    """By key, the row of these words: the last version, or a new one."""
    found = last_texts(wordings)
    if any(is_new(wording, found) for wording in wordings):
        wait_for_lock("consents")
        found = last_texts(wordings)
        for wording in wordings:
            if is_new(wording, found):
                found[wording.key] = next_version(wording, found.get(wording.key))
    return found


def last_texts(wordings):
    keys = [wording.key for wording in wordings]
    rows = ConsentText.objects.filter(key__in=keys).order_by("key", "-version").distinct("key")
    return {text.key: text for text in rows}


def is_new(wording, found):
    return wording.key not in found or found[wording.key].text != wording.words


def next_version(wording, last):
    version = last.version + 1 if last else 1
    return ConsentText.objects.create(key=wording.key, version=version, text=wording.words)
