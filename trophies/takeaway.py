"""What one takes away: receipts and questions as PDF, the closing in one's calendar, a ZIP."""

import tempfile

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import cache_control

from rallynov.calendars import calendar_response
from trophies import documents
from trophies.archive import write_archive
from trophies.closing import closing_ics
from trophies.holder import CandidatureView
from trophies.models import Edition

KEEP = 600  # seconds: a closing may move


class ReceiptPdfView(CandidatureView):
    def get(self, request, uuid, number):
        deposits = self.candidature.deposits.select_related(
            "regulation", "by", "candidature__edition"
        )
        deposit = get_object_or_404(deposits, number=number)
        name = f"recu-{self.candidature.reference}-depot-{number}.pdf"
        return pdf(documents.receipt_pdf(deposit), name)


class ArchiveView(CandidatureView):
    def get(self, request, uuid):
        label = self.candidature.reference or slugify(self.candidature.title)[:60] or "brouillon"
        made = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        write_archive(self.candidature, made)
        made.seek(0)
        return FileResponse(
            made,
            as_attachment=True,
            filename=f"candidature-{label}.zip",
            content_type="application/zip",
        )


@cache_control(public=True, max_age=KEEP)
def questions(request, year):
    """The questions of a call on paper, the same for everyone."""
    content = documents.questions_content(published_call(year))
    name = f"questions-trophees-{year}.pdf"
    return conditional(
        request,
        tag=documents.questions_tag(content),
        make=lambda: pdf(documents.questions_pdf(content), name),
    )


@cache_control(public=True, max_age=KEEP)
def closing(request, year):
    """The closing as an event of one's calendar."""
    content = closing_ics(published_call(year))
    return calendar_response(request, content, f"cloture-trophees-{year}.ics")


def published_call(year):
    calls = Edition.objects.published().filter(opens_at__isnull=False).for_detail()
    return get_object_or_404(calls.prefetch_related("regulations", "criteria"), year=year)


def pdf(content, name):
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name)
    return response


def conditional(request, *, tag, make):
    """What `make` makes, or 304 for who has it already."""
    response = get_conditional_response(request, etag=tag) or make()
    response.headers["ETag"] = tag
    return response
