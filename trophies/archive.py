"""A candidature as one ZIP: its deposits and their receipts, the text under way, its files."""

import hashlib
import re
import unicodedata
import zipfile

from django.utils import timezone

from rallynov.dates import instant_text
from trophies.attachments import clean_name
from trophies.consent import in_words
from trophies.documents import receipt_pdf
from trophies.forms import LABELS
from trophies.models.candidature import canonical

CHUNK = 64 * 1024
LONGEST_NAME = 120
LONGEST_SUFFIX = 8
# What Windows refuses in a name.
REFUSED = re.compile(r'[<>:"/\\|?*]')


def write_archive(candidature, file):
    """Write the ZIP of a candidature in an open file; memory holds a piece of it at a time."""
    remarks = []
    with zipfile.ZipFile(file, "w") as target:
        for deposit in candidature.deposits.all():
            stem = f"{candidature.reference}-depot-{deposit.number}"
            write(target, f"depots/{stem}.json", canonical(deposit.payload), deposit.received_at)
            write(target, f"depots/recu-{stem}.pdf", receipt_pdf(deposit), deposit.received_at)
        text = working_text(candidature)
        write(target, "texte-en-cours.txt", text.encode(), candidature.updated_at)
        for position, piece in enumerate(candidature.attachments.all(), 1):
            name = f"pieces/{position:02}-{safe_name(piece.name)}"
            if remark := write_piece(target, name, piece):
                remarks.append(f"- {name} : {remark}")
        write(target, "LISEZ-MOI.txt", read_me(candidature, remarks).encode(), timezone.now())


def entry(name, at):
    found = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    found.external_attr = 0o644 << 16
    return found


def write(target, name, content, at):
    target.writestr(entry(name, at), content, zipfile.ZIP_DEFLATED)


def write_piece(target, name, piece):
    """Add a file, piece by piece; what is wrong with it in French, or nothing."""
    try:
        file = piece.file.open("rb")
    except OSError:
        return "ce fichier ne se trouve plus ; écrivez à l’équipe."
    digest = hashlib.sha256()
    # Most kinds are compressed already.
    with file, target.open(entry(name, piece.created_at), "w") as copy:
        while part := file.read(CHUNK):
            digest.update(part)
            copy.write(part)
    if digest.hexdigest() != piece.sha256:
        return "son contenu n’est plus celui que vous avez envoyé ; écrivez à l’équipe."
    return ""


def safe_name(name):
    """A name that any system can write, and that hides nothing."""
    name = REFUSED.sub("_", clean_name(unicodedata.normalize("NFC", name))).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > LONGEST_SUFFIX:
        return name[:LONGEST_NAME] or "piece"
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"


# Words ------------------------------------------------------------------------------------------


def working_text(candidature):
    """What is written at this moment, deposited or not, as plain text."""
    saved = instant_text(candidature.updated_at)
    parts = [
        f"{candidature}\n{candidature.edition}\nEnregistré le {saved}, heure de Paris",
        *(titled(LABELS[name], shown(candidature, name)) for name in LABELS),
    ]
    if candidature.typed:
        rows = [f"{LABELS.get(name, name)} : {raw}" for name, raw in candidature.typed.items()]
        parts.append(titled("À reprendre, tel que vous l’avez tapé", "\n".join(rows)))
    for version in candidature.set_aside.all():
        rows = [f"{LABELS.get(name, name)} : {raw}" for name, raw in version.values.items()]
        when = instant_text(version.at)
        parts.append(titled(f"Version mise de côté le {when}", "\n".join(rows)))
    return "\n\n\n".join(parts) + "\n"


def titled(title, text):
    return f"{title}\n{'-' * len(title)}\n{text or '(vide)'}"


def shown(candidature, name):
    if name == "themes":
        return ", ".join(theme.name for theme in candidature.themes.all())
    if name == "organisation_kind":
        return candidature.get_organisation_kind_display()
    if name == "publishable":
        return in_words(candidature.publishable)
    return str(getattr(candidature, name) or "")


def read_me(candidature, remarks):
    lines = [
        f"{candidature}, {candidature.edition}",
        f"Archive faite le {instant_text(timezone.now())}, heure de Paris.",
        "",
        "depots/             chaque dépôt : son contenu exact (JSON) et son reçu (PDF)",
        "pieces/             les fichiers joints, y compris ceux d’un ancien dépôt",
        "texte-en-cours.txt  ce qui est écrit à ce jour, déposé ou non",
        "",
        "Le SHA-256 d’un fichier JSON est l’empreinte que porte son reçu.",
    ]
    if remarks:
        lines += ["", "À savoir :", *remarks]
    return "\n".join(lines) + "\n"
