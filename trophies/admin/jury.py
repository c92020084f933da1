"""The team's pages on the jury of an edition: how far it is, who sits in it, who is reminded."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from news.models import NewsItem
from trophies import services
from trophies.admin.decision import board_for, may_announce
from trophies.admin.jury_forms import KNOWN, InviteForm, SeatForm
from trophies.admin.jury_next import next_step
from trophies.progress import progress_of, row_of, ties_of
from trophies.rounds import is_first_over
from trophies.workflow import NotAllowed


class SeatPagesMixin:
    """The pages of `EditionAdmin` on the jury and its seats, for whom `JuryPagesMixin` lets in."""

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/", self.jury_view, "trophies_edition_jury"),
            ("<int:pk>/jury/inviter/", self.invite_view, "trophies_invite_juror"),
            ("<int:pk>/jury/jures/<int:member>/", self.juror_view, "trophies_juror"),
            ("<int:pk>/jury/relancer/", require_POST(self.remind_view), "trophies_remind_jurors"),
            ("<int:pk>/jury/grille/", require_POST(self.grid_view), "trophies_propose_grid"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def jury_view(self, request, pk):
        edition = self.edition_for(request, pk)
        progress = progress_of(edition, request.user)
        context = {}
        if edition.has_been_read:
            news = NewsItem.objects.visible_to(request.user).filter(embargo_year=edition.year)
            context = {
                "board": board_for(progress, request.user),
                "news_item": news.first(),
                "may_announce": may_announce(request.user, edition),
            }
        return self.respond(
            request,
            "admin/trophies/edition/jury.html",
            title=f"Le jury de {edition.year}",
            edition=edition,
            progress=progress,
            next=next_step(progress),
            may_open_round=is_first_over(edition) and not edition.hides_from(request.user),
            weight=sum(criterion.weight for criterion in edition.criteria.all()),
            **context,
        )

    # Seats

    def invite_view(self, request, pk):
        edition = self.edition_for(request, pk)
        form = InviteForm(request.POST or None)
        if form.is_valid():
            try:
                member, is_new = services.invite_juror(
                    edition, by=request.user, **form.cleaned_data
                )
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after_invitation(request, member, is_new)
        return self.respond(
            request,
            "admin/trophies/edition/invite.html",
            title="Inviter un juré",
            edition=edition,
            form=form,
            known=KNOWN,
        )

    def after_invitation(self, request, member, is_new):
        self.log_change(request, member.edition, f"Invitation de {member.user} au jury.")
        text = f"L’invitation de {member.user} part à {member.user.email}."
        if not is_new:
            text = f"{member.user} siège déjà dans ce jury, et n’y change pas de place. {text}"
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_juror", member.edition_id, member.pk)

    def juror_view(self, request, pk, member):
        edition = self.edition_for(request, pk)
        members = edition.jury_members.select_related("user", "organisation", "edition")
        member = get_object_or_404(members, pk=member)
        form = SeatForm.of(member, request.POST or None)
        if request.POST.get("action") == "invite":
            return self.invite_again(request, member)
        if form.is_valid():
            try:
                services.change_seat(member, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_change(request, edition, f"Place de {member.user} dans le jury modifiée.")
                self.message_user(request, "Sa place est enregistrée.", messages.SUCCESS)
                return redirect("admin:trophies_juror", pk, member.pk)
        return self.show_juror(request, edition, member, form)

    def show_juror(self, request, edition, member, form):
        return self.respond(
            request,
            "admin/trophies/edition/juror.html",
            title=str(member.user),
            edition=edition,
            member=member,
            form=form,
            known=KNOWN,
            row=row_of(member, request.user),
            mandates=member.user.memberships.select_related("organisation"),
            ties=ties_of(edition, request.user, user=member.user).select_related("candidature"),
        )

    def invite_again(self, request, member):
        try:
            is_sent = services.send_invitation(member, by=request.user)
        except NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            text = f"L’invitation repart à {member.user.email}."
            text = text if is_sent else "L’invitation vient déjà de partir."
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_juror", member.edition_id, member.pk)

    # Reminders

    def remind_view(self, request, pk):
        edition = self.edition_for(request, pk)
        member = chosen(request, edition)
        try:
            now, earlier = services.remind_jurors(edition, by=request.user, member=member)
        except NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, reminded_text(now, earlier), messages.SUCCESS)
        if member:
            return redirect("admin:trophies_juror", pk, member.pk)
        return redirect("admin:trophies_edition_jury", pk)

    def grid_view(self, request, pk):
        edition = self.edition_for(request, pk)
        if services.propose_grid(edition):
            text = (
                "La grille de Rally’nov est écrite\u202f: relisez-la, changez ce qui doit l’être."
            )
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_edition_jury", pk)


def chosen(request, edition):
    """The seat that a form names, or None."""
    field = forms.ModelChoiceField(edition.jury_members.all(), required=False)
    try:
        return field.clean(request.POST.get("member"))
    except forms.ValidationError:
        raise Http404("no such juror") from None


def reminded_text(now, earlier):
    """How many reminders leave, and how many jurors had theirs already."""
    texts = {0: "Aucun rappel ne part", 1: "Un rappel part"}
    text = texts.get(now, f"{now} rappels partent")
    if earlier:
        who = "un juré l’a déjà reçu" if earlier == 1 else f"{earlier} jurés l’ont déjà reçu"
        return f"{text}\u202f; {who} aujourd’hui."
    return f"{text}." if now else f"{text}\u202f: tout ce qui se lit est signé."
