"""What becomes of the imports that people send: queued by a page, carried out by the worker."""

import logging
from datetime import timedelta

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from initiatives.models import Initiative
from initiatives.transfer.aside import Aside
from initiatives.transfer.columns import BY_NAME
from initiatives.transfer.importing import Busy, Import
from initiatives.transfer.judging import Verdict
from initiatives.transfer.models import ImportLine, InitiativeImport
from initiatives.transfer.reading import Unreadable, open_table

KEPT = timedelta(days=7)
ACTIONS = {Verdict.NEW: ADDITION, Verdict.UPDATED: CHANGE}
FORBIDDEN = "Votre compte n’a plus le droit d’importer des initiatives."
UNEXPECTED = (
    "Une erreur inattendue l’a arrêté : rien n’est écrit. L’équipe technique en a la trace."
)

State = InitiativeImport.State
logger = logging.getLogger("rallynov.imports")


class Interrupted(Exception):
    """The worker stops: the import stays in the queue."""


def may_transfer(user):
    return user.is_active and user.has_perms(
        ["initiatives.add_initiative", "initiatives.change_initiative"]
    )


# What a person asks ------------------------------------------------------------------------------


def send(*, upload, name, by):
    return InitiativeImport.objects.create(file=upload, name=name, by=by)


@transaction.atomic
def confirm(an_import, *, with_duplicates):
    """Queue the writing of what was checked; False when there is nothing to confirm any more."""
    checked = InitiativeImport.objects.filter(pk=an_import.pk, state=State.CHECKED)
    if not an_import.may_be_confirmed:
        return False
    return bool(checked.update(state=State.TO_WRITE, with_duplicates=with_duplicates, done=0))


@transaction.atomic
def cancel(an_import):
    """Give up what is not written, and forget the file."""
    rows = InitiativeImport.objects.select_for_update()
    an_import = rows.get(pk=an_import.pk)
    if an_import.state in (State.TO_CHECK, State.CHECKED, State.TO_WRITE):
        end(an_import, State.CANCELLED)


def end(an_import, state, failure=""):
    """Nothing more will come of it: the file goes, when the transaction is over."""
    if an_import.file:
        storage, name = an_import.file.storage, an_import.file.name
        transaction.on_commit(lambda: storage.delete(name))
    an_import.file, an_import.state, an_import.failure = "", state, failure
    an_import.ended_at = timezone.now()
    an_import.save(update_fields=["file", "state", "failure", "ended_at"])


# What the worker does ----------------------------------------------------------------------------


def run_next(is_stopping=lambda: False):
    """Check or write the first import that waits; False when none could be."""
    an_import = InitiativeImport.objects.queued().select_related("by").first()
    if an_import is None:
        return False
    try:
        with Aside() as aside, transaction.atomic():
            Pass(an_import, aside, is_stopping).run()
    except (Busy, Interrupted):
        return False
    except (OperationalError, InterfaceError):
        raise
    except (Unreadable, FileNotFoundError) as error:
        fail(an_import, str(error) if isinstance(error, Unreadable) else "Son fichier a disparu.")
    except Exception:
        logger.exception("import %s", an_import.uuid)
        fail(an_import, UNEXPECTED)
    return True


@transaction.atomic
def fail(an_import, failure):
    end(an_import, State.FAILED, failure)


class Pass:
    """One pass over a file, in the caller's transaction; its report is written aside."""

    def __init__(self, an_import, aside, is_stopping):
        self.row, self.aside, self.is_stopping = an_import, aside, is_stopping
        self.is_kept = an_import.state == State.TO_WRITE

    def run(self):
        if not may_transfer(self.row.by):
            raise Unreadable(FORBIDDEN)
        with open(self.row.file.path, "rb") as file:
            table = open_table(file)
            self.an_import = Import(
                table,
                user=self.row.by,
                with_duplicates=self.row.with_duplicates,
                report=self.report,
            )
            self.an_import.lock()
            self.aside(self.begin, table)
            self.an_import.run(is_kept=self.is_kept)
        self.conclude()

    def begin(self, table):
        self.row.lines.all().delete()
        columns = [
            [header, BY_NAME[name].header if name else ""]
            for header, name in table.columns
            if header
        ]
        self.note(columns=columns, total=table.count(), done=0, counts={})

    def report(self, lines):
        if self.is_kept:
            log(lines, self.row)
        self.aside(self.write_report, lines)
        if self.is_stopping():
            raise Interrupted

    def write_report(self, lines):
        with transaction.atomic():
            ImportLine.objects.bulk_create(self.line(line) for line in lines)
            self.note(done=lines[-1].number - 1, counts=dict(self.an_import.counts))

    def line(self, line):
        """A new sheet has no address as long as this is a trial."""
        has_address = line.sheet and (self.is_kept or line.verdict != Verdict.NEW)
        return ImportLine(
            initiative_import=self.row,
            number=line.number,
            title=line.title,
            verdict=line.verdict,
            is_corrected=bool(line.corrections),
            slug=line.sheet.slug if has_address else "",
            notes=line.notes,
        )

    def note(self, **fields):
        InitiativeImport.objects.filter(pk=self.row.pk).update(**fields)

    def conclude(self):
        """In the transaction of what it concludes: written means written."""
        if self.is_kept and not self.an_import.is_refused:
            end(self.row, State.WRITTEN)
        else:
            self.note(state=State.CHECKED)


def log(lines, an_import):
    """In the history of each sheet: who imported it, and from what."""
    kind = ContentType.objects.get_for_model(Initiative)
    LogEntry.objects.bulk_create(
        LogEntry(
            user=an_import.by,
            content_type=kind,
            object_id=line.sheet.pk,
            object_repr=line.sheet.title[:200],
            action_flag=ACTIONS[line.verdict],
            change_message=f"Import de « {an_import.name} », ligne {line.number}.",
        )
        for line in lines
        if line.verdict in ACTIONS
    )


def forget_old_imports():
    """Files and reports are kept some days only; that there was an import, always."""
    old = InitiativeImport.objects.filter(created_at__lt=timezone.now() - KEPT)
    for an_import in old.exclude(file=""):
        cancel(an_import)
    ImportLine.objects.filter(initiative_import__in=old).delete()
