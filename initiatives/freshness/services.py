"""Asking those who hold a sheet whether it is still true, and what their answer does."""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import mails
from initiatives.contributing.models import SheetHolder
from initiatives.freshness.models import FreshnessQuestion
from initiatives.freshness.sheets import ASK_AFTER
from initiatives.models import Initiative
from rallynov.dates import day_text

# Sheets are many on the day that a directory is taken over: their holders are asked by and by.
MOST_AT_ONCE = 50
Answer = FreshnessQuestion.Answer


def ask_whether_true():
    """Ask each holder, by mail, of a sheet that nobody read for long; not twice in that time."""
    for holder in holders_to_ask()[:MOST_AT_ONCE]:
        question = FreshnessQuestion.objects.create(initiative=holder.initiative, user=holder.user)
        mails.send(
            "freshness",
            to=holder.user.email,
            fields=told(question),
            event=f"freshness:{question.uuid}",
        )


def holders_to_ask():
    asked = FreshnessQuestion.objects.filter(
        initiative=OuterRef("initiative"),
        user=OuterRef("user"),
        asked_at__gt=timezone.now() - ASK_AFTER,
    )
    old = Initiative.objects.unverified_for(ASK_AFTER)
    holders = SheetHolder.objects.filter(~Exists(asked), initiative__in=old, user__is_active=True)
    return holders.select_related("initiative", "user")


def told(question):
    sheet = question.initiative
    return {
        "initiative": sheet.title,
        "depuis": day_text(sheet.verified_on or sheet.published_at),
        "fiche": settings.SITE_URL + sheet.get_absolute_url(),
        "lien": settings.SITE_URL + question.get_absolute_url(),
    }


@transaction.atomic
def answer(question, *, given):
    """Note the answer of a holder, and what it says of the sheet. The last answer counts: who
    pressed « arrêtée » by mistake presses another button."""
    question = FreshnessQuestion.objects.select_for_update().get(pk=question.pk)
    sheet = Initiative.objects.select_for_update().get(pk=question.initiative_id)
    today = timezone.localdate()
    if given == Answer.ENDED:
        sheet.ended_on = sheet.ended_on or today
    elif given == Answer.CURRENT or question.answer == Answer.ENDED:
        sheet.ended_on = None
    if given != Answer.TO_CORRECT:
        sheet.verified_on = today
    sheet.save(update_fields=["ended_on", "verified_on", "updated_at"])
    question.answer, question.answered_at = given, timezone.now()
    question.save(update_fields=["answer", "answered_at"])
