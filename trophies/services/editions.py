"""An edition made out of another."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from trophies.models import Edition, Regulation
from trophies.workflow import NotAllowed

DATES = ["opens_at", "closes_at", "jury_opens_at", "jury_closes_at", "results_published_at"]
COPIED = [
    *("summary", "presentation", "is_example", "most_files", "largest_file"),
    *("readings_per_file", "is_anonymous", "others_shown", "official_column", "tie_break"),
]
DAYS_IN_A_YEAR = 365.2425


def moved_dates(edition, year):
    """The dates of an edition carried to another year, each on the same day of the week.

    By whole weeks, as many as come nearest to the same date; the hours stay those of the clock.
    """
    weeks = round((year - edition.year) * DAYS_IN_A_YEAR / 7)
    return {name: moved(getattr(edition, name), weeks) for name in DATES}


def moved(instant, weeks):
    if instant is None:
        return None
    local = timezone.localtime(instant).replace(tzinfo=None)
    return timezone.make_aware(local + timedelta(weeks=weeks))


@transaction.atomic
def clone_edition(edition, *, year, dates):
    """A draft of the edition of `year`, with the settings and texts of this one.

    `dates` gives its five instants, or None. Its figures, jurors, candidatures and results are
    not copied. Raises NotAllowed.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    made = Edition(
        year=year,
        ordinal=edition.ordinal and edition.ordinal + 1,
        **{name: getattr(edition, name) for name in COPIED},
        **dates,
    )
    save_unless_taken(made)
    made.departments.set(edition.departments.all())
    for rows in (edition.criteria, edition.prizes, edition.eligibility_rules):
        for row in rows.all():
            copy_into(made, row)
    made.criteria.update(change_reason="")
    regulation = edition.regulations.first()
    if regulation:
        Regulation.objects.create(edition=made, version=1, text=regulation.text)
    return made


def save_unless_taken(edition):
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError:
        if Edition.objects.filter(year=edition.year).exists():
            raise NotAllowed(f"L’édition {edition.year} existe déjà.") from None
        raise


def copy_into(edition, row):
    row.pk, row.edition, row._state.adding = None, edition, True
    row.save(force_insert=True)
