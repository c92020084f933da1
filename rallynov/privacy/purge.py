"""The purge: what was kept long enough goes, step by step, each in transactions of its own.

Nothing remembers what was done: each step looks for what is left to do, so that it may be run again
at any time. Triggers that hold rows as they are let it pass, and it writes no history. The words
that the search knew by what is gone are forgotten by the worker, within a day.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pgtrigger
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from rallynov.locks import wait_for_lock
from rallynov.privacy import candidatures, jury, mails, people
from rallynov.privacy.files import purge_lost_files
from rallynov.privacy.retention import drafts_over, editions_over
from trophies import services
from trophies.models import Minutes

logger = logging.getLogger("rallynov.privacy")
DAY = 26 * 60 * 60  # seconds that a day is remembered, the longest one included


@dataclass(frozen=True)
class Step:
    """A part of the register (`key`), and the function that purges it and counts what went."""

    key: str
    run: Callable


def purge_drafts():
    return candidatures.erase_drafts(drafts_over())


def purge_candidatures():
    """Edition by edition."""
    counts = Counter()
    for edition in editions_over("candidatures"):
        with transaction.atomic():
            left = edition.candidatures.exclude(status="draft")
            counts += candidatures.empty(candidatures.to_empty(left))
            for minutes in Minutes.objects.filter(session__edition=edition):
                services.erase_texts(minutes)
    return counts


def purge_juries():
    counts = Counter()
    for edition in editions_over("jury"):
        with transaction.atomic():
            counts += jury.anonymise(edition)
    return counts


def purge_mails():
    counts = {"courriel": mails.forget_old_mails(), "annonce": mails.forget_old_events()}
    services.forget_unconfirmed_alerts()
    return counts


STEPS = [
    Step("drafts", purge_drafts),
    Step("candidatures", purge_candidatures),
    Step("jury", purge_juries),
    Step("prizes", people.purge_accounting),
    Step("registrations", people.purge_registrations),
    Step("images", people.purge_authorisations),
    Step("contributions", people.purge_contributions),
    Step("questions", people.purge_questions),
    Step("consents", people.purge_consents),
    Step("mails", purge_mails),
    Step("logs", people.purge_logs),
    Step("accounts", people.purge_accounts),
    Step("files", purge_lost_files),
]


def purge(*, is_trial=False):
    """Purge all; returns, by key of the register, what went and how many of it.

    A trial does it all, to count it, and takes it all back.
    """
    if not is_trial:
        return run_steps()
    with transaction.atomic():
        counts = run_steps()
        transaction.set_rollback(True)
    return counts


def run_steps():
    counts = {}
    for step in STEPS:
        with pgtrigger.ignore(), transaction.atomic():
            wait_for_lock("purge")  # the worker and the command may meet
            counts[step.key] = Counter(step.run())
    return counts


def purge_daily():
    """Once a day, by the worker."""
    key = f"purge:{timezone.localdate():%Y-%m-%d}"
    if not cache.add(key, True, DAY):
        return
    went = {key: dict(found) for key, counts in purge().items() if (found := +counts)}
    if went:
        logger.info("purge des données personnelles : %s", went)
