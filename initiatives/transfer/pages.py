"""The pages of the admin that import and export initiatives."""

from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from initiatives.transfer import passes
from initiatives.transfer.columns import COLUMNS
from initiatives.transfer.exporting import HEADERS, pages, table
from initiatives.transfer.models import PLURALS, ImportLine, InitiativeImport
from initiatives.transfer.reading import Unreadable, open_table
from rallynov.spreadsheets import KINDS, TooLong, file_response

PAGE_SIZE = 50
MOST_LISTED = 10
Verdict = ImportLine.Verdict


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Le fichier",
        help_text="Un classeur .xlsx ou un .csv, 30 Mo au plus.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            open_table(upload.file)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        upload.seek(0)
        return upload


class TransferPagesMixin:
    """The pages of `InitiativeAdmin` that import and export."""

    change_list_template = "admin/initiatives/initiative/change_list.html"

    def get_urls(self):
        pages = [
            ("importer/", self.imports_view, "imports"),
            ("importer/<uuid:uuid>/", self.import_view, "import"),
            ("importer/<uuid:uuid>/ecrire/", require_POST(self.confirm_view), "import_confirm"),
            ("importer/<uuid:uuid>/abandonner/", require_POST(self.cancel_view), "import_cancel"),
            *(
                (f"importer/modele.{k}", partial(self.model_view, kind=k), f"model_{k}")
                for k in KINDS
            ),
            *((f"exporter.{k}", partial(self.export_view, kind=k), f"export_{k}") for k in KINDS),
        ]
        own = [
            path(address, self.transfer_view(view), name=f"initiatives_{name}")
            for address, view, name in pages
        ]
        return own + super().get_urls()

    def transfer_view(self, view):
        def guarded(request, *args, **kwargs):
            if not passes.may_transfer(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(guarded)

    def respond(self, request, template, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, template, context)

    def changelist_view(self, request, extra_context=None):
        context = {"may_transfer": passes.may_transfer(request.user)} | (extra_context or {})
        return super().changelist_view(request, context)

    # Importing ------------------------------------------------------------------------------------

    def imports_view(self, request):
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            an_import = passes.send(upload=upload, name=upload.name[-120:], by=request.user)
            return redirect(an_import)
        own = InitiativeImport.objects.visible_to(request.user)
        return self.respond(
            request,
            "admin/initiatives/imports.html",
            title="Importer des initiatives",
            form=form,
            imports=own[:MOST_LISTED],
            columns=COLUMNS,
        )

    def model_view(self, request, kind):
        return file_response(pages([HEADERS]), kind, "modele-initiatives")

    def find(self, request, uuid):
        return get_object_or_404(InitiativeImport.objects.visible_to(request.user), uuid=uuid)

    def import_view(self, request, uuid):
        an_import = self.find(request, uuid)
        chosen = request.GET.get("verdict", Verdict.REFUSED if an_import.is_refused else "")
        page = Paginator(lines_of(an_import, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
        return self.respond(
            request,
            "admin/initiatives/import.html",
            title=an_import.name,
            an_import=an_import,
            verdicts=verdicts_of(an_import, chosen),
            page=page,
            query=urlencode({"verdict": chosen}),
        )

    def confirm_view(self, request, uuid):
        an_import = self.find(request, uuid)
        if not passes.confirm(an_import, with_duplicates="doublons" in request.POST):
            self.message_user(request, "Il n’y a rien à écrire de cet import.", messages.WARNING)
        return redirect(an_import)

    def cancel_view(self, request, uuid):
        an_import = self.find(request, uuid)
        passes.cancel(an_import)
        return redirect(an_import)

    # Exporting ------------------------------------------------------------------------------------

    def export_view(self, request, kind):
        """What the list shows, under the filters of its address."""
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:initiatives_initiative_changelist")
        rows = self.get_queryset(request).filter(pk__in=listed.order_by().values("pk"))
        try:
            return file_response(pages(table(rows)), kind, f"initiatives-{timezone.localdate()}")
        except TooLong as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:initiatives_initiative_changelist")


def lines_of(an_import, chosen):
    if chosen == "corrected":
        return an_import.lines.filter(is_corrected=True)
    return an_import.lines.filter(verdict=chosen) if chosen in PLURALS else an_import.lines.all()


def verdicts_of(an_import, chosen):
    """What to choose lines by: value, plural, count, whether it is chosen."""
    total = sum(count for verdict, count in an_import.counts.items() if verdict != "corrected")
    options = [("", "toutes", total)]
    options += [
        (value, words[1], an_import.counts.get(value, 0)) for value, words in PLURALS.items()
    ]
    return [(value, text, count, value == chosen) for value, text, count in options if count]
