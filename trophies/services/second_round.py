"""The second round: the files of a shortlist, each read by the whole jury before it decides."""

from django.db import transaction
from django.utils import timezone

from trophies.models import Assignment, Candidature, Decision, Evaluation, JurySession
from trophies.rounds import SECOND
from trophies.services.jury_mails import tell_juror
from trophies.services.plan import give_shortlist, lock
from trophies.services.ranking import places
from trophies.workflow import NotAllowed

FEWEST = 2
TIED = "Vous avez un lien avec un dossier de cette édition\u202f: quelqu’un d’autre s’en charge."
CLOSED = "Le second tour n’est plus ouvert."


def rows_of(edition):
    return Assignment.objects.filter(jury_member__edition=edition, round=SECOND)


def fewest_files(edition):
    """Two or more, and not fewer than there are places."""
    return max(FEWEST, places(edition))


# Opening ----------------------------------------------------------------------------------------


def why_not_open(edition):
    """Why a second round cannot be opened now, in French; else nothing."""
    if edition.has_second_round:
        return "Le second tour a déjà eu lieu."
    if not edition.is_deliberating:
        return "Un second tour s’ouvre entre la fin des lectures et la publication."
    if Decision.objects.filter(candidature__edition=edition).exists():
        return "Le jury a déjà décidé\u202f: un second tour vient avant toute décision."
    if JurySession.objects.filter(edition=edition, minutes__isnull=False).exists():
        return "Le procès-verbal d’une séance est scellé\u202f: un second tour vient avant."
    return ""


@transaction.atomic
def open_second_round(edition, *, files, closes_at, by):
    """Have the whole jury read these files again, each juror but those of a tie, until then.

    The jurors are told by mail. Raises NotAllowed.
    """
    edition = lock(edition)
    refuse(why_not_open(edition), TIED if edition.hides_from(by) else "")
    now = timezone.now()
    refuse(wrong_end(edition, closes_at, now), wrong_files(edition, files, by))
    edition.second_opened_at, edition.second_closes_at = now, closes_at
    edition.save(update_fields=["second_opened_at", "second_closes_at"])
    Candidature.objects.filter(pk__in=[file.pk for file in files]).update(shortlisted_at=now)
    give_shortlist(edition)
    tell_jurors(edition)
    return edition


def refuse(*reasons):
    """Raise the first of the reasons that there are."""
    for reason in filter(None, reasons):
        raise NotAllowed(reason)


def wrong_end(edition, closes_at, now):
    if closes_at <= now:
        return "La fin du second tour est passée\u202f: choisissez un instant à venir."
    if edition.results_published_at and closes_at >= edition.results_published_at:
        return "Le second tour finit avant la publication des résultats."
    return ""


def wrong_files(edition, files, by):
    keys = {file.pk for file in files}
    seen = Candidature.objects.visible_to(by).eligible().filter(edition=edition, pk__in=keys)
    if seen.count() != len(keys):
        return "Une candidature choisie n’est plus recevable\u202f: reprenez la liste."
    fewest = fewest_files(edition)
    if len(keys) < fewest:
        return (
            f"Retenez au moins {fewest} candidatures\u202f: autant que de prix, et deux au moins."
        )
    return ""


def tell_jurors(edition):
    """A mail to each juror who has something to read; another round would be another event."""
    counts, opened = {}, f"{edition.second_opened_at:%Y%m%dT%H%M%S%f}"
    for member in rows_of(edition).values_list("jury_member", flat=True):
        counts[member] = counts.get(member, 0) + 1
    members = edition.jury_members.filter(pk__in=counts, user__is_active=True)
    for member in members.select_related("user", "edition"):
        event = f"second_round:{member.pk}:{opened}"
        tell_juror(member, "second_round", event=event, left=counts[member.pk])


# While it is read -------------------------------------------------------------------------------


def lock_open(edition):
    """The edition, and its readings of the second round, under locks. Raises NotAllowed.

    Who is signing at this very moment is waited for; who signs next finds what this changed.
    """
    edition = lock(edition)
    if not edition.is_in_second_round:
        raise NotAllowed(CLOSED)
    list(rows_of(edition).select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    return edition


@transaction.atomic
def extend_second_round(edition, *, closes_at):
    """Give the jury more time. Raises NotAllowed: what is closed stays so."""
    edition = lock_open(edition)
    if closes_at <= edition.second_closes_at:
        raise NotAllowed("Choisissez un instant plus tardif que la fin prévue.")
    refuse(wrong_end(edition, closes_at, timezone.now()))
    edition.second_closes_at = closes_at
    edition.save(update_fields=["second_closes_at"])
    return edition


@transaction.atomic
def close_second_round(edition):
    """End it now: what is not signed counts for nothing. Raises NotAllowed."""
    edition = lock_open(edition)
    edition.second_closes_at = timezone.now()
    edition.save(update_fields=["second_closes_at"])
    return edition


def is_begun(edition):
    """Whether a juror wrote something in the second round."""
    return Evaluation.objects.filter(assignment__in=rows_of(edition)).exists()


@transaction.atomic
def cancel_second_round(edition):
    """As if it had never been opened, while nobody wrote anything in it. Raises NotAllowed."""
    edition = lock_open(edition)
    if is_begun(edition):
        raise NotAllowed(
            "Un juré a commencé à noter\u202f: le second tour se clôt, il ne s’annule plus."
        )
    rows_of(edition).delete()
    edition.candidatures.update(shortlisted_at=None)
    edition.second_opened_at = edition.second_closes_at = None
    edition.save(update_fields=["second_opened_at", "second_closes_at"])
    return edition
