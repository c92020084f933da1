from itertools import groupby

from django.views.generic import ListView

from partners.models import Partnership


class PartnershipListView(ListView):
    """The partners, by year, then by what they do beside Rally'nov."""

    queryset = Partnership.objects.for_list()
    context_object_name = "partnerships"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"years": by_year_and_kind(context["partnerships"])}


def by_year_and_kind(partnerships):
    """`[(year, [(kind label, [partnership, …]), …]), …]` of rows already in that order."""
    return [
        (
            year,
            [(kind, list(rows)) for kind, rows in groupby(of_year, Partnership.get_kind_display)],
        )
        for year, of_year in groupby(partnerships, key=lambda row: row.year)
    ]
