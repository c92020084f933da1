"""The holder's answer to the team, which asked for a missing piece: files, words, or both."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_protect

from rallynov.fields import TextField
from rallynov.numbers import number
from rallynov.pdf import MEGABYTE
from trophies import attachments, services
from trophies.holder import REFUSED
from trophies.pieces import PiecesView
from trophies.workflow import GESTURES, NotAllowed, obstacle

LONGEST_ANSWER = 2500


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field, each checked; each refusal names its file."""

    def __init__(self, **options):
        accept = ",".join(attachments.EXTENSIONS)
        super().__init__(required=False, widget=FilesInput({"accept": accept}), **options)

    def limit_to(self, edition):
        self.edition = edition
        most, size = number(edition.most_files), number(edition.largest_file)
        self.help_text = (
            f"PDF, image, document DOCX, ODT ou XLSX. {most} au plus, {size} Mo au plus chacun."
        )

    def clean(self, uploads, initial=None):
        if len(uploads) > self.edition.most_files:
            raise ValidationError(f"{number(self.edition.most_files)} fichiers au plus.")
        prepared, refusals = [], []
        for upload in uploads:
            try:
                most_bytes = self.edition.largest_file * MEGABYTE
                prepared.append(attachments.prepare(upload, most_bytes=most_bytes))
            except ValidationError as error:
                name = attachments.clean_name(upload.name)
                refusals += [f"{name} : {message}" for message in error.messages]
        if refusals:
            raise ValidationError(refusals)
        return prepared


class AnswerForm(forms.Form):
    use_required_attribute = False

    text = TextField(
        label="Votre réponse, si des mots suffisent ou aident",
        limit=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 6}),
    )
    files = FilesField(label="Les fichiers demandés")

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].limit_to(edition)

    @property
    def files_are_lost(self):
        """Browsers never send a file again by themselves."""
        return bool(self.files) and bool(self.errors)


class AnswerView(PiecesView):
    template_name = "candidatures/answer.html"

    @cached_property
    def asked(self):
        rows = self.candidature.piece_requests.select_related("answer", "candidature")
        return get_object_or_404(rows, uuid=self.kwargs["asked"])

    def get(self, request, uuid, asked):
        return self.show_answer()

    def post(self, request, uuid, asked):
        return super().post(request, uuid)

    @method_decorator(csrf_protect)
    def receive(self, request):
        form = AnswerForm(request.POST, request.FILES, edition=self.candidature.edition)
        if not form.is_valid():
            return self.show_answer(form=form)
        try:
            deposit = services.answer_piece(
                self.asked, **form.cleaned_data, by=request.user, received_at=request.received_at
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            return self.show_answer(form=form, status=REFUSED)
        return redirect("candidatures:receipt", self.candidature.uuid, deposit.number)

    def show_pieces(self, status=200, refusal=""):
        """What `PiecesView` shows when it refuses a body that is too heavy."""
        return self.show_answer(status=status, refusal=refusal)

    def show_answer(self, form=None, status=200, refusal=""):
        now = timezone.now()
        gesture = GESTURES["answer_piece"]
        return self.show(
            status=status,
            refusal=refusal,
            form=form or AnswerForm(edition=self.candidature.edition),
            asked=self.asked,
            obstacle=obstacle(gesture, self.candidature, self.request.user, now),
        )
