"""The yearly letter: the team's own words, when it comes out, and the day when it stays."""

import hashlib

from django.db import transaction
from django.utils import timezone

from trophies.models import AnnualReport, ReportParagraph
from trophies.report import as_json
from trophies.report_letter import compose
from trophies.report_pdf import report_pdf
from trophies.workflow import NotAllowed

IS_FROZEN = "Ce bilan est figé\u202f: ses textes ne changent plus."
IS_EARLY = "Un bilan se fige une fois les résultats publiés\u202f: il nomme les lauréats."
HAS_CHANGED = (
    "Quelqu’un a changé ce texte pendant que vous l’écriviez. Le vôtre est encore ici\u202f: "
    "enregistrez-le de nouveau pour qu’il le remplace."
)


def locked(report):
    """The same letter, read again under a lock; made if it was not kept yet."""
    rows = AnnualReport.objects.select_for_update(of=["self"]).select_related("edition")
    return rows.get_or_create(edition=report.edition)[0]


def open_report(report):
    report = locked(report)
    if report.is_frozen:
        raise NotAllowed(IS_FROZEN)
    return report


def version_of_paragraph(text):
    """Of the team's own words, or of None where they have none."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def write_paragraph(report, key, *, text, seen):
    """Keep the team’s own words, which the caller has checked, in place of the version `seen`."""
    report = open_report(report)
    own = report.paragraphs.filter(key=key).values_list("text", flat=True).first()
    if version_of_paragraph(own) != seen:
        raise NotAllowed(HAS_CHANGED)
    ReportParagraph.objects.update_or_create(report=report, key=key, defaults={"text": text})


@transaction.atomic
def restore_paragraph(report, key):
    """Back to what is composed."""
    open_report(report).paragraphs.filter(key=key).delete()


@transaction.atomic
def publish_report(report, *, at):
    """Now, later, or not any more (`at` is None): a frozen letter may be withdrawn as well."""
    report = locked(report)
    report.published_at = at
    report.save(update_fields=["published_at"])


@transaction.atomic
def freeze_report(report):
    """Keep the letter and its PDF as they are now: nothing undoes it."""
    report = open_report(report)
    if not report.edition.has_published_results:
        raise NotAllowed(IS_EARLY)
    letter, now = compose(report), timezone.now()
    report.content, report.frozen_at = as_json(letter), now
    report.pdf = report_pdf(letter, at=now, frozen_at=now)
    report.save(update_fields=["content", "frozen_at", "pdf"])
    return report
