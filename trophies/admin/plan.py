"""The team's pages on who reads what: the plan of readings, a juror who leaves."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from trophies import services
from trophies.coverage import Coverage
from trophies.workflow import NotAllowed


class PlanPagesMixin:
    """The pages of `EditionAdmin` on the plan of readings, for whom `JuryPagesMixin` lets in."""

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/plan/", self.plan_view, "trophies_edition_plan"),
            ("<int:pk>/jury/jures/<int:member>/depart/", self.leaves_view, "trophies_juror_leaves"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def plan_view(self, request, pk):
        edition = self.edition_for(request, pk)
        if request.method == "POST":
            return self.make_plan(request, edition)
        return self.respond(
            request,
            "admin/trophies/edition/plan.html",
            title=f"Qui lit quoi en {edition.year}",
            edition=edition,
            coverage=Coverage(edition, request.user),
        )

    def make_plan(self, request, edition):
        try:
            services.make_plan(edition, by=request.user)
        except NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            # No count: the plan may hold a file that this person finds no trace of.
            text = "Le plan est complété." if edition.is_open_to_jury else "Le plan est établi."
            self.log_change(request, edition, text)
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_edition_plan", edition.pk)

    def leaves_view(self, request, pk, member):
        """Confirm that a juror leaves, or comes back; a second click does nothing more."""
        edition = self.edition_for(request, pk)
        member = get_object_or_404(edition.jury_members.select_related("user"), pk=member)
        if request.method == "POST":
            gestures = {"leave": self.let_go, "return": self.take_back}
            gestures.get(request.POST.get("gesture"), lambda *ignored: None)(request, member)
            return redirect("admin:trophies_edition_plan", pk)
        coverage = Coverage(edition, request.user)
        seat = coverage.seat_of(member)
        return self.respond(
            request,
            "admin/trophies/edition/leaves.html",
            title=f"{member.user} {'revient au' if member.left_at else 'quitte le'} jury",
            edition=edition,
            member=member,
            seat=seat,
            is_closed=coverage.is_closed,
            departure=next((row for row in coverage.departures if row.seat is seat), None),
        )

    def let_go(self, request, member):
        refusal = services.drop_out(member, by=request.user)
        text = f"{member.user} ne siège plus dans ce jury."
        self.log_change(request, member.edition, text)
        self.message_user(request, text, messages.SUCCESS)
        if refusal:
            self.message_user(request, f"Le plan reste à revoir. {refusal}", messages.WARNING)

    def take_back(self, request, member):
        services.come_back(member)
        text = f"{member.user} siège de nouveau dans ce jury."
        self.log_change(request, member.edition, text)
        if member.edition.readings_per_file is not None:
            text += " Complétez le plan pour lui confier des lectures."
        self.message_user(request, text, messages.SUCCESS)
