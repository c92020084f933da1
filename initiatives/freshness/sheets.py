"""Which public sheets may no longer be true."""

from datetime import timedelta

from django.db.models import DateField, F
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from initiatives.freshness.models import LinkCheck
from rallynov.publishing import EmbargoedQuerySet, ResultsInstant

ASK_AFTER = timedelta(days=180)  # its holders
TELL_AFTER = timedelta(days=240)  # the staff


def paris_day(expression):
    return Cast(TruncDate(expression, tzinfo=timezone.get_default_timezone()), DateField())


class FreshnessQuerySet(EmbargoedQuerySet):
    def with_true_on(self):
        """Annotate `true_on`: the day when somebody last read the sheet, or when it appeared."""
        results = ResultsInstant(F("embargo_year"))
        appeared = Coalesce(results, F("published_at"))
        return self.annotate(true_on=Coalesce(F("verified_on"), paris_day(appeared)))

    def unverified_for(self, duration):
        """Public sheets, of initiatives that go on, that nobody read for at least `duration`."""
        limit = timezone.localdate() - duration
        return self.published().with_true_on().filter(ended_on=None, true_on__lte=limit)

    def with_dead_website(self):
        """Public sheets whose site no longer answers."""
        return self.published().filter(website__in=LinkCheck.objects.dead().values("url"))
