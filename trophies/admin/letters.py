"""The team's pages on the letters of an edition: which are to be read, one after the other."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from rallynov.dates import paris_text
from trophies import services
from trophies.models import Candidature, Edition
from trophies.prizes import unattributed, with_left
from trophies.services.letters import is_finished
from trophies.workflow import NotAllowed

DECIDES = "trophies.change_decision"
SOON = timedelta(days=3)
MISSING, TO_WRITE, TO_READ, READ, GONE = "missing", "to_write", "to_read", "read", "gone"
WAITING = [TO_WRITE, TO_READ]


class LetterForm(forms.Form):
    letter = forms.CharField(
        label="La lettre au porteur",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 18}),
    )
    version = forms.CharField(widget=forms.HiddenInput)


def letters_of(edition, user):
    """The files that `user` may see, each with the `letter_state` of its letter, by title."""
    files = Candidature.objects.visible_to(user).eligible().filter(edition=edition)
    files = files.select_related("edition", "decision__letter_read_by", "laureate__prize")
    files = list(files.order_by("title", "pk"))
    for file in files:
        file.letter_state = state_of(getattr(file, "decision", None))
    return files


def state_of(decision):
    if decision is None:
        return MISSING
    if decision.letter_queued_at:
        return GONE
    if decision.letter_read_at:
        return READ
    return TO_READ if is_finished(decision.letter) else TO_WRITE


def next_of(files, after):
    """The letter to read after this one, round the list; None when all are read."""
    waiting = [file for file in files if file.letter_state in WAITING]
    keys = [file.pk for file in files]
    position = keys.index(after.pk) if after.pk in keys else -1
    others = [file for file in waiting if file.pk != after.pk]
    return next((f for f in others if keys.index(f.pk) > position), next(iter(others), None))


def held_warning(edition, files):
    """What to say when the instant of the results is near, or gone, and letters are held."""
    at, now = edition.results_published_at, timezone.now()
    if at is None or at - now > SOON or not edition.has_been_read:
        return ""
    waiting = sum(file.letter_state in WAITING for file in files)
    if at <= now:  # nothing is decided any more
        return f"{counted(waiting)}\u202f: une lettre part dès qu’elle l’est." if waiting else ""
    missing = sum(file.letter_state == MISSING for file in files)
    if not waiting and not missing:
        return ""
    held = [counted(waiting)] if waiting else []
    if missing:
        held.append(f"{missing} candidature{'s' * (missing > 1)} sans décision")
    return f"{', '.join(held)}\u202f: rien n’en part avec les résultats, le {paris_text(at)}."


def counted(waiting):
    return f"{waiting} lettre{'s' * (waiting > 1)} à relire"


class LetterPagesMixin:
    """The pages of `EditionAdmin` on its letters, for whom `JuryPagesMixin` lets in."""

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/lettres/", self.letters_view, "trophies_letters"),
            ("<int:pk>/jury/lettres/<int:candidature>/", self.letter_view, "trophies_letter"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def letters_view(self, request, pk):
        edition = self.edition_for(request, pk)
        files = letters_of(edition, request.user)
        waiting = [file for file in files if file.letter_state in WAITING]
        return self.respond(
            request,
            "admin/trophies/edition/letters.html",
            title=f"Les lettres de {edition.year}",
            edition=edition,
            files=files,
            waiting=waiting,
            ready=sum(file.letter_state in (READ, GONE) for file in files),
            warning=held_warning(edition, files),
            unattributed=unattributed(with_left().filter(edition=edition)),
        )

    def letter_view(self, request, pk, candidature):
        edition = self.edition_for(request, pk)
        files = letters_of(edition, request.user)
        file = next((file for file in files if file.pk == candidature), None)
        if file is None or file.letter_state == MISSING:
            raise Http404("no letter yet")
        decision = file.decision
        form = LetterForm(request.POST or None, initial=shown(decision))
        if form.is_valid():
            try:
                services.write_letter(decision, read_by=reader(request), **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after_letter(request, edition, file, files)
        return self.respond(
            request,
            "admin/trophies/edition/letter.html",
            title=f"La lettre à « {file} »",
            edition=edition,
            candidature=file,
            form=form,
            following=next_of(files, file),
            readings=self.readings_of(file),
        )

    def after_letter(self, request, edition, file, files):
        if not reader(request):
            self.message_user(request, "Le texte est enregistré, à relire.", messages.SUCCESS)
            return redirect("admin:trophies_letter", edition.pk, file.pk)
        following = next_of(files, file)
        text = f"La lettre à « {file} » est relue\u202f: elle peut partir."
        if following is None:
            self.message_user(request, text, messages.SUCCESS)
            return redirect("admin:trophies_letters", edition.pk)
        self.message_user(request, f"{text} Voici la suivante.", messages.SUCCESS)
        return redirect("admin:trophies_letter", edition.pk, following.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of the edition says it too, when letters are held and time is short."""
        if request.method == "GET" and request.user.has_perm(DECIDES):
            pk = object_id if object_id.isdecimal() else None
            for edition in Edition.objects.filter(pk=pk):
                warn(self, request, edition)
        return super().change_view(request, object_id, form_url, extra_context)


def warn(admin, request, edition):
    if text := held_warning(edition, letters_of(edition, request.user)):
        admin.message_user(request, text, messages.WARNING)


def reader(request):
    """Who says, by the button of the form, that the letter is read as it stands there."""
    return request.user if "read" in request.POST else None


def shown(decision):
    return {"letter": decision.letter, "version": services.version_of_letter(decision)}
