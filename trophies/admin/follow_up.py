"""The team's pages on what comes after the decisions of an edition: prizes, exports."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from rallynov.spreadsheets import KINDS, TooLong, file_response
from trophies import exports
from trophies.follow_up import overview_of


def exported(export, edition, user):
    """What the page of exports shows of one: its files and their rows, once there are any."""
    if not export.is_open(edition):
        return {"export": export, "files": [], "count": 0}
    files = [
        (kind, reverse(f"admin:trophies_edition_export_{export.name}_{kind}", args=[edition.pk]))
        for kind in KINDS
    ]
    return {"export": export, "files": files, "count": export.count(edition, user)}


class FollowUpPagesMixin:
    """The pages of `EditionAdmin` on the follow-up, for whom `JuryPagesMixin` lets in."""

    def get_urls(self):
        pages = [
            ("suivi/", self.follow_up_view, "follow_up"),
            ("exports/", self.exports_view, "exports"),
            *(
                (
                    f"exports/{export.slug}.{kind}",
                    partial(self.export_view, export=export, kind=kind),
                    f"export_{export.name}_{kind}",
                )
                for export in exports.EXPORTS
                for kind in KINDS
            ),
        ]
        own = [
            path(f"<int:pk>/{a}", self.admin_site.admin_view(view), name=f"trophies_edition_{name}")
            for a, view, name in pages
        ]
        return own + super().get_urls()

    def follow_up_view(self, request, pk):
        edition = self.edition_for(request, pk)
        return self.respond(
            request,
            "admin/trophies/edition/follow_up.html",
            title=f"Le suivi des prix {edition.year}",
            edition=edition,
            overview=overview_of(edition, request.user),
        )

    def exports_view(self, request, pk):
        edition = self.edition_for(request, pk)
        rows = [exported(export, edition, request.user) for export in exports.EXPORTS]
        return self.respond(
            request,
            "admin/trophies/edition/exports.html",
            title=f"Les exports de {edition.year}",
            edition=edition,
            exports=rows,
        )

    def export_view(self, request, pk, export, kind):
        edition = self.edition_for(request, pk)
        if not export.is_open(edition):
            raise Http404("not yet")
        lines = {export.label: exports.lines(export, edition, request.user)}
        try:
            return file_response(lines, kind, f"{export.slug}-{edition.year}")
        except TooLong as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:trophies_edition_exports", pk)
