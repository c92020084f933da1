"""PDFs, looked into without being trusted: each check raises a French ValidationError."""

import os
import re

from django.core.exceptions import ValidationError

MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024
TAIL = 2048  # where a PDF ends
LONGEST_WORD = 64  # of those looked for across two chunks of a PDF

UNREADABLE_PDF = "Ce fichier n’est pas un PDF lisible. Enregistrez-le de nouveau, puis envoyez-le."
PROTECTED_PDF = (
    "Ce PDF est protégé : on ne pourrait pas toujours l’ouvrir. Enregistrez-en une copie sans "
    "mot de passe (« Imprimer », puis « Enregistrer au format PDF »), et envoyez-la."
)
LAUNCHING_PDF = (
    "Ce PDF demande à lancer un programme : nous ne le gardons pas. Enregistrez-en une copie "
    "(« Imprimer », puis « Enregistrer au format PDF »), et envoyez-la."
)


def check_pdf(file):
    """Refuse what is no PDF, what asks for a password, what launches a program.

    A PDF that holds JavaScript is kept: the forms of the administrations do. It is only ever
    downloaded, and readers keep it in.
    """
    if not re.match(rb"%PDF-[12]\.\d", head_of(file, 8)) or b"%%EOF" not in tail_of(file, TAIL):
        raise ValidationError(UNREADABLE_PDF)
    before = b""
    file.seek(0)
    while chunk := file.read(CHUNK):
        text = before + chunk
        if re.search(rb"/Encrypt[\s\0]*(?:\d+[\s\0]+\d+[\s\0]+R|<<)", text):
            raise ValidationError(PROTECTED_PDF)
        if re.search(rb"/S[\s\0]*/Launch\b", text):
            raise ValidationError(LAUNCHING_PDF)
        before = text[-LONGEST_WORD:]


def head_of(file, length):
    file.seek(0)
    return file.read(length)


def tail_of(file, length):
    file.seek(max(0, size_of(file) - length))
    return file.read(length)


def size_of(file):
    file.seek(0, os.SEEK_END)
    return file.tell()
