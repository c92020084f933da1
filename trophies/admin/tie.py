"""« J’ai un lien avec ce dossier »: a member of the team steps back from a candidature."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path

from trophies import services
from trophies.admin.reading_form import ConflictForm

TOLD = (
    "Votre lien est noté, et quelqu’un d’autre de l’équipe l’examinera. Le dossier a quitté vos "
    "pages."
)


class TiePageMixin:
    """The page of `CandidatureAdmin` where one declares one's own tie."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.tie_view)
        return [
            path("<int:pk>/lien/", view, name="trophies_candidature_tie"),
            *super().get_urls(),
        ]

    def tie_view(self, request, pk):
        candidature = self.candidature_for(request, pk)
        form = ConflictForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.declare(
                user=request.user,
                candidatures=[candidature],
                reason=form.cleaned_data["reason"],
            )
            # Logged nowhere but in the history of the database: the list of one's last acts would
            # name the file for ever.
            self.message_user(request, TOLD, messages.SUCCESS)
            return redirect("admin:trophies_candidature_changelist")
        return self.respond(
            request,
            "admin/trophies/candidature/tie.html",
            candidature,
            title="J’ai un lien avec ce dossier",
            form=form,
            refusal="",
        )
