"""The team's page on all that was written of an edition: the journal, read-only."""

from django.urls import path

from trophies.journal import Choice, page_of


class JournalPageMixin:
    """The page of `EditionAdmin` on its journal, for whom `JuryPagesMixin` lets in."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.journal_view)
        own = [path("<int:pk>/journal/", view, name="trophies_edition_journal")]
        return own + super().get_urls()

    def journal_view(self, request, pk):
        edition = self.edition_for(request, pk)
        choice = Choice.of(edition, request.GET)
        return self.respond(
            request,
            "admin/trophies/edition/journal.html",
            title=f"Le journal de {edition.year}",
            edition=edition,
            choice=choice,
            page=page_of(edition, request.user, choice, request.GET.get("page")),
        )
