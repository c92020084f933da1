"""The pieces of a candidature: sent as soon as they are chosen, and read by few."""

import logging
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from rallynov.numbers import number
from rallynov.pdf import MEGABYTE
from trophies import attachments, services
from trophies.dossier import files_for_jury
from trophies.holder import REFUSED, SIGN_IN, CandidatureView
from trophies.models import Announcement, Assignment, Attachment, Candidature
from trophies.steps import STEPS, after, route
from trophies.workflow import NotAllowed, Status
from trophies.writing import WritingMixin, wants_json

logger = logging.getLogger(__name__)

STEP = next(step for step in STEPS if step.slug == "pieces")
MARGIN = MEGABYTE  # for what a form sends around its files
READ_ANYWAY = 4  # times what is accepted: a browser reads no answer before it has sent all
CHUNK = 64 * 1024

ACCEPTED, WRONG, TOO_BIG, OUR_FAULT = 201, 400, 413, 503
NOTHING = "Aucun fichier n’est arrivé. Choisissez-en un, puis envoyez-le."
NOT_WHOLE = "Ce fichier n’est pas arrivé entier. Envoyez-le de nouveau."
NO_ROOM = (
    "Ce fichier n’a pas pu être gardé : la panne est de notre côté. Votre texte est intact. "
    "Réessayez dans quelques minutes."
)


@dataclass(frozen=True)
class Outcome:
    """What became of a file that was sent."""

    status: int
    message: str
    name: str = ""  # of the file, when the message does not say it

    @property
    def is_good(self):
        return self.status == ACCEPTED

    @property
    def sentence(self):
        return f"{self.name} : {self.message}" if self.name else self.message

    def as_json(self):
        return JsonResponse({"message": self.message}, status=self.status)


class PiecesMixin(WritingMixin, CandidatureView):
    template_name = "candidatures/pieces.html"

    @property
    def most_bytes(self):
        return self.candidature.edition.largest_file * MEGABYTE

    def answer(self, outcome):
        """For the script, or as a message on the page."""
        if wants_json(self.request):
            return outcome.as_json()
        tell = messages.success if outcome.is_good else messages.error
        tell(self.request, outcome.sentence)
        return redirect("candidatures:pieces", self.candidature.uuid)


@method_decorator(csrf_exempt, name="dispatch")
class PiecesView(PiecesMixin):
    """The list of the pieces, and where they are sent.

    What weighs too much is refused before it is read, hence before the token is: it stands in the
    body, so `receive` checks it.
    """

    def get(self, request, uuid):
        return self.show_pieces()

    def post(self, request, uuid):
        most = self.most_body
        if int(request.META.get("CONTENT_LENGTH") or 0) <= most:
            return self.receive(request)
        read_away(request, READ_ANYWAY * most)
        outcome = Outcome(TOO_BIG, self.too_big)
        if wants_json(request):
            return outcome.as_json()
        return self.show_pieces(status=TOO_BIG, refusal=outcome.message)

    @method_decorator(csrf_protect)
    def receive(self, request):
        """Several files in one field are handled one by one: those that are good are kept."""
        uploads = request.FILES.getlist("files")
        outcomes = [self.keep(upload) for upload in uploads] or [Outcome(REFUSED, NOTHING)]
        return [self.answer(outcome) for outcome in outcomes][-1]

    def keep(self, upload):
        name = attachments.clean_name(upload.name)
        try:
            announcement = self.announcement_of(upload, name)
            if announcement.size != upload.size:
                return Outcome(REFUSED, NOT_WHOLE, name)
            prepared = attachments.prepare(upload, most_bytes=self.most_bytes)
            kept = services.attach(
                self.candidature, prepared, announcement=announcement, at=timezone.now()
            )
        except ValidationError as error:
            return Outcome(WRONG, " ".join(error.messages), name)
        except NotAllowed as refusal:
            return Outcome(REFUSED, str(refusal), name)
        except OSError:
            logger.exception("a piece could not be kept")
            return Outcome(OUR_FAULT, NO_ROOM, name)
        return Outcome(ACCEPTED, self.told(kept))

    def announcement_of(self, upload, name):
        """The one that the script made; a plain form announces its files by its first bytes."""
        uuid = self.request.POST.get("announcement", "")
        own = {"candidature": self.candidature}
        found = Announcement.objects.filter(**own, uuid=uuid).first() if is_uuid(uuid) else None
        return found or Announcement(
            **own,
            name=name,
            size=upload.size,
            by=self.request.user,
            announced_at=self.request.received_at,
        )

    def told(self, kept):
        name, is_open = kept.piece.name, self.candidature.is_open
        if not kept.is_new:
            return f"{name} est déjà joint : ce fichier n’est gardé qu’une fois."
        if kept.deposit:
            return (
                f"{name} est arrivé à temps : il a rejoint votre candidature, avec le reçu "
                f"n° {kept.deposit.number}."
            )
        if not is_open:
            return f"{name} est gardé, mais l’appel est clos : il n’est dans aucun dépôt."
        if self.candidature.status == Status.SUBMITTED:
            return f"{name} est joint. Déposez de nouveau pour que l’équipe et le jury le lisent."
        return f"{name} est joint."

    # The page -----------------------------------------------------------------------------------

    @property
    def most_body(self):
        files = 1 if wants_json(self.request) else self.candidature.edition.most_files
        return files * self.most_bytes + MARGIN

    @property
    def too_big(self):
        most = number(self.candidature.edition.largest_file)
        return (
            f"Cet envoi est trop lourd : {most} Mo au plus pour un fichier. Rien n’a été gardé ; "
            "votre texte est intact. Réduisez-le, ou envoyez les fichiers un à un."
        )

    def show_pieces(self, status=200, refusal=""):
        pieces = self.candidature.attachments_kept
        edition = self.candidature.edition
        return self.show(
            status=status,
            refusal=refusal,
            pieces=[(piece, self.state_of(piece)) for piece in pieces],
            left=max(0, edition.most_files - len(pieces)),
            most_bytes=self.most_bytes,
            accept=",".join(attachments.EXTENSIONS),
            step=STEP,
            next_url=after(STEP).url(self.candidature),
            route=route(self.candidature, STEP),
        )

    def state_of(self, piece):
        deposit = self.candidature.last_deposit
        if deposit is None:
            return ""
        return "déposé" if lists(deposit, piece) else "pas encore déposé"


class AnnounceView(PiecesMixin):
    """The script says what it is about to send: what is announced in time may arrive later."""

    http_method_names = ["post"]

    def post(self, request, uuid):
        size = request.POST.get("size", "")
        try:
            name, _ = attachments.check_name(request.POST.get("name", ""))
            size = int(size) if size.isdecimal() else 0
            attachments.check_size(size, most_bytes=self.most_bytes)
            announced = services.announce_file(
                self.candidature, name=name, size=size, by=request.user, at=request.received_at
            )
        except ValidationError as error:
            return Outcome(WRONG, " ".join(error.messages)).as_json()
        except NotAllowed as refusal:
            return Outcome(REFUSED, str(refusal)).as_json()
        return JsonResponse({"uuid": announced.uuid}, status=ACCEPTED)


class RemoveView(PiecesMixin):
    def get(self, request, uuid, piece):
        return redirect("candidatures:pieces", self.candidature.uuid)

    def post(self, request, uuid, piece):
        rows = self.candidature.attachments.filter(uuid=piece)
        piece = get_object_or_404(rows.select_related("candidature"))
        try:
            services.detach(piece)
        except NotAllowed as refusal:
            return self.answer(Outcome(REFUSED, str(refusal), piece.name))
        return self.answer(Outcome(ACCEPTED, f"{piece.name} est retiré."))


def read_away(request, most):
    """Read a body that is refused, and keep nothing of it, so that the answer is heard."""
    while most > 0 and (chunk := request.read(CHUNK)):
        most -= len(chunk)


def is_uuid(text):
    field = Announcement._meta.get_field("uuid")
    try:
        return bool(field.to_python(text))
    except ValidationError:
        return False


# One file ---------------------------------------------------------------------------------------

# What is shown stays a picture; what is downloaded runs nothing, even opened in place.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
# Chromium's reader of PDFs does not start in a sandbox; it is one, apart from the site.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
IN_PLACE = "en-place"


@require_safe
@never_cache
@login_required(login_url=SIGN_IN)
def attachment(request, uuid):
    """A private file: a picture is shown, everything else is only ever downloaded.

    But a PDF, which a juror may ask to read within the page of their reading.
    """
    piece = get_object_or_404(Attachment.objects.select_related("candidature__edition"), uuid=uuid)
    if not may_open(request, piece):
        raise Http404("not theirs")
    try:
        file = piece.file.open()
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
    is_framed = IN_PLACE in request.GET and is_pdf(piece) and reads(request, piece)
    return FileResponse(
        file,
        as_attachment=piece.kind != Attachment.Kind.PICTURE and not is_framed,
        filename=piece.name,
        content_type=piece.kind,
        headers=framed() if is_framed else {"Content-Security-Policy": SANDBOX},
    )


def framed():
    return {"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN"}


def is_pdf(piece):
    return piece.kind == Attachment.Kind.PDF


def may_open(request, piece):
    """Its holders; staff, drafts included; its jurors while the last deposit lists it."""
    own = {"pk": piece.candidature_id}
    if Candidature.objects.held_by(request.user).filter(**own).exists():
        return True
    if not admin.site.has_permission(request):
        return False
    if Candidature.objects.visible_to(request.user).filter(**own).exists():
        return True
    return reads(request, piece)


def reads(request, piece):
    """Whether a juror is given this file to read: none is, in an anonymous reading."""
    if not admin.site.has_permission(request):
        return False
    readings = Assignment.objects.visible_to(request.user)
    is_read = readings.filter(candidature=piece.candidature_id).exists()
    files = files_for_jury(piece.candidature) if is_read else []
    return str(piece.uuid) in [file["uuid"] for file in files]


def lists(deposit, piece):
    return str(piece.uuid) in [file["uuid"] for file in deposit.payload["files"]]
