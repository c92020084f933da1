"""A piece that is missing from a deposit: the team asks, a holder answers with a new deposit."""

from django.db import transaction

from trophies.models import Deposit, PieceRequest
from trophies.services.candidatures import lock, write_deposit
from trophies.services.desk import refuse_unless_possible
from trophies.services.mails import tell_holders
from trophies.services.pieces import keep, row_of
from trophies.workflow import GESTURES, NotAllowed, obstacle


@transaction.atomic
def ask_piece(candidature, *, message, by):
    """Ask the holders for what is missing, by mail. Two clicks ask once. Raises NotAllowed."""
    candidature, message = lock(candidature), message.strip()
    refuse_unless_possible("ask_piece", candidature, by)
    if not message:
        raise NotAllowed("Dites ce qui manque : le porteur le lira tel quel.")
    waiting = candidature.piece_requests.filter(message=message, answer=None).first()
    if waiting:
        return waiting
    made = PieceRequest.objects.create(candidature=candidature, message=message, by=by)
    tell_holders(candidature, "missing_piece", asked=made)
    return made


def answer_piece(asked, *, text, files, by, received_at):
    """Answer a request with files (`attachments.prepare`), words, or both: a new deposit.

    It holds what the last one held, and what was asked; the text being typed stays out of it. The
    same answer sent twice makes one deposit. Raises NotAllowed, and then, as after any fault,
    leaves nothing in storage.
    """
    written = []
    try:
        with transaction.atomic():
            return write_answer(asked, text.strip(), files, by, received_at, written)
    except BaseException:
        for piece in written:
            piece.file.storage.delete(piece.file.name)
        raise


def write_answer(asked, text, files, by, received_at, written):
    candidature = lock(asked.candidature)
    # Read again under the lock: nobody else is answering.
    asked = candidature.piece_requests.select_related("answer").get(pk=asked.pk)
    if refusal := obstacle(GESTURES["answer_piece"], candidature, by, received_at):
        raise NotAllowed(refusal)
    if asked.answer:
        return same_answer(asked, text, files)
    if not text and not files:
        raise NotAllowed("Joignez un fichier, ou répondez en quelques mots.")
    last = candidature.last_deposit
    pieces = [joined(candidature, file, written) for file in files]
    asked.answer = write_deposit(
        candidature,
        payload=completed(last.payload, asked, text, pieces),
        regulation=last.regulation,
        by=by,
        received_at=received_at,
        origin=Deposit.Origin.PIECE,
        reason=asked.message,
    )
    asked.save(update_fields=["answer"])
    tell_holders(candidature, "receipt", deposit=asked.answer)
    return asked.answer


def joined(candidature, prepared, written):
    """The attachment of this content: the one that is there already, or a new one."""
    twin = candidature.attachments.kept().filter(sha256=prepared.sha256).first()
    if twin:
        return twin
    piece = row_of(candidature, prepared)
    written.append(piece)
    return keep(piece, prepared)


def completed(payload, asked, text, pieces):
    """What a deposit held, with the answer to a request."""
    known = {file["uuid"] for file in payload["files"]}
    files = [piece.summary() for piece in pieces]
    answer = {
        "request": str(asked.uuid),
        "asked": asked.message,
        "text": text,
        "files": [file["uuid"] for file in files],
    }
    return payload | {
        "files": payload["files"] + [file for file in files if file["uuid"] not in known],
        "answers_to_requests": [*payload.get("answers_to_requests", []), answer],
    }


def same_answer(asked, text, files):
    """The deposit of a request that was answered with these very words and files: a second click.

    Raises NotAllowed for another answer.
    """
    answers = {row["request"]: row for row in asked.answer.answers_to_requests}
    own = answers[str(asked.uuid)]
    digests = {file["uuid"]: file["sha256"] for file in asked.answer.payload["files"]}
    kept = [digests[uuid] for uuid in own["files"]]
    if (own["text"], kept) == (text, [file.sha256 for file in files]):
        return asked.answer
    raise NotAllowed("Cette demande a déjà sa réponse : la vôtre n’a pas été enregistrée.")
