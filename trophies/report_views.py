"""The public pages of the yearly letter, and the team’s preview."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView

from rallynov.publishing import PreviewMixin
from trophies.models import AnnualReport
from trophies.report_drawing import drawing_of
from trophies.report_letter import for_letter, hides_results, letter_of
from trophies.report_pdf import pdf_of


class ReportView(DetailView):
    queryset = for_letter(AnnualReport.objects.published())
    slug_field = "edition__year"
    slug_url_kwarg = "year"
    context_object_name = "report"
    template_name = "trophies/report.html"

    def get_context_data(self, **kwargs):
        letter = letter_of(self.object)
        return super().get_context_data(letter=letter, region=drawing_of(letter), **kwargs)


class ReportPreviewView(PreviewMixin, ReportView):
    """The letter as it will be; laureates wait for their instant here as well."""

    queryset = for_letter(AnnualReport.objects.all())

    def get_object(self, queryset=None):
        report = super().get_object(queryset)
        if hides_results(report.edition, self.request.user):
            raise Http404("a tie hides it")
        return report


# Kept, but asked again each time: a figure may have moved since.
@cache_control(public=True, no_cache=True)
def report_pdf(request, year):
    report = get_object_or_404(for_letter(AnnualReport.objects.published()), edition__year=year)
    return HttpResponse(
        pdf_of(report, letter_of(report)),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, f"bilan-{year}.pdf")},
    )
