"""Files that no row names any more: the row was deleted, or a process died between the two."""

import os
import time
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from events.models import EventDocument
from initiatives.models import InitiativeImport
from rallynov.picture_sizes import all_files
from trophies.models import Attachment

# A row is written just after its file.
NOT_BEFORE = 24 * 60 * 60  # seconds


def purge_lost_files():
    lost = [name for folder, kept in FOLDERS.items() for name in lost_files(folder, kept)]
    for name in lost:
        transaction.on_commit(partial(default_storage.delete, name))
    return {"fichier perdu": len(lost)}


def lost_files(folder, kept):
    root = default_storage.path(folder)
    if not os.path.isdir(root):
        return []
    limit = time.time() - NOT_BEFORE
    old = {f"{folder}/{entry.name}" for entry in os.scandir(root) if is_older(entry, limit)}
    return sorted(old - kept())


def is_older(entry, limit):
    return entry.is_file() and entry.stat().st_mtime < limit


def files_of(model):
    return set(model.objects.values_list("file", flat=True))


# Each folder, and the function that names what stays in it.
FOLDERS = {
    "pieces": partial(files_of, Attachment),
    "imports": partial(files_of, InitiativeImport),
    "documents": partial(files_of, EventDocument),
    "photos": all_files,
}
