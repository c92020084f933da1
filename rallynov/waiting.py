"""What waits for a person of the team or of the jury: how many, of what, in which list.

Every count is of rows that this person finds in the list it leads to, and of no other: a count
that knew of a hidden file would tell of it. One statement counts everything.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, F, IntegerField, Min, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.roles import READING
from events.models import Event, EventPhoto
from initiatives.freshness.sheets import TELL_AFTER
from initiatives.models import Contribution, Initiative
from news.models import NewsItem
from rallynov.dates import day_text, instant_text, paris_text
from rallynov.numbers import agreed
from rallynov.publishing import visible_rows
from trophies import desk
from trophies.models import (
    Assignment,
    Candidature,
    ConflictOfInterest,
    Decision,
    JurySession,
    Laureate,
    LaureateNews,
)
from trophies.rounds import end_of, is_reading, last_round
from trophies.services.conflicts import undeclared_files
from trophies.workflow import Status

SOON = timedelta(days=3)
MAILS_SINCE = timedelta(days=14)
DECIDES = "trophies.change_decision"


@dataclass(frozen=True)
class Line:
    count: int
    text: str
    url: str
    note: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Heap:
    """Rows that wait, and what is said of them: `{}` stands for the day of the first one.

    With `edition`, the path to its key, there is a line for each edition; `url` holds `{}` for it.
    """

    rows: QuerySet
    one: str
    many: str
    url: str
    at: str
    note: str
    edition: str = ""
    is_urgent: bool = False

    def tally(self, key):
        edition = F(self.edition) if self.edition else Value(None, IntegerField())
        named = self.rows.order_by().annotate(
            heap_key=Value(key, IntegerField()), heap_edition=edition
        )
        counted = named.values("heap_key", "heap_edition")
        counted = counted.annotate(heap_count=Count("pk"), heap_first=Min(self.at))
        return counted.values_list("heap_key", "heap_edition", "heap_count", "heap_first")

    def line(self, edition, count, first):
        words = agreed(count, self.one, self.many)
        year = f" · trophées {edition.year}" if edition else ""
        note = f"{self.note.format(day_text(first))}{year}"
        url = self.url.format(edition.pk) if edition else self.url
        return Line(count, words, url, note, self.is_urgent)


def changelist(model, query=""):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query


def page(name, part=""):
    """The pattern of a page of an edition: `{}` stands for its key."""
    return reverse(f"admin:trophies_{name}", args=[0]).replace("/0/", "/{}/") + part


def listed(model, request):
    """The rows that the person finds in the list of a model, by the rule of that very list."""
    return admin.site.get_model_admin(model).get_queryset(request)


# What waits in the lists ------------------------------------------------------------------------


def heaps(request, editions, hiding, seats):
    """The `Heap`s of what this person may do.

    `editions`: those under way; `hiding`: the keys of those of which a tie hides a file from them;
    `seats`: theirs in a jury.
    """
    user = request.user
    found = [*readings(user, seats)] if user.has_perm(READING) else []
    if user.has_perm("trophies.change_candidature"):
        found += screening(user, editions)
    if user.has_perm("trophies.change_conflictofinterest"):
        found += ties(user, editions)
    if user.has_perm(DECIDES):
        found += deliberation(user, editions, hiding)
        found += aftermath(user)
    return [*found, *sheets(request), *publishing(request)]


def readings(user, seats):
    """What a juror has to declare, then to read."""
    for seat in seats:
        yield Heap(
            undeclared_files(seat),
            "dossier attend que vous disiez vos liens",
            "dossiers attendent que vous disiez vos liens",
            reverse("admin:trophies_declaration", args=[seat.edition.year]),
            "screened_at",
            "Avant de lire\u202f: quelques minutes suffisent",
            "edition",
        )
    for seat in seats:
        if is_reading(seat.edition):
            ends_at = end_of(seat.edition, last_round(seat.edition))
            unsigned = Assignment.objects.visible_to(user).being_read()
            yield Heap(
                unsigned.filter(jury_member=seat, evaluation__signed_at=None),
                "lecture à signer",
                "lectures à signer",
                reverse("admin:trophies_readings"),
                "candidature__screened_at",
                f"Jusqu’au {instant_text(ends_at)}",
                "candidature__edition",
                ends_at - timezone.now() < SOON,
            )


def screening(user, editions):
    rows = Candidature.objects.visible_to(user)
    closed = [edition.pk for edition in editions if edition.is_closed]
    yield Heap(
        rows.filter(desk.is_left_behind()),
        "dossier complet n’a pas été déposé à temps",
        "dossiers complets n’ont pas été déposés à temps",
        changelist(Candidature, "?etat=complets-non-deposes&edition__id__exact={}"),
        "updated_at",
        "Tant que le jury ne lit pas, un délai peut encore être accordé",
        "edition",
        is_urgent=True,
    )
    yield Heap(
        rows.filter(status=Status.SUBMITTED, edition__in=closed),
        "candidature à examiner",
        "candidatures à examiner",
        changelist(Candidature, "?etat=deposee&edition__id__exact={}"),
        "submitted_at",
        "La première est déposée depuis le {}",
        "edition",
    )


def ties(user, editions):
    pending = ConflictOfInterest.objects.visible_to(user).filter(
        ruling=ConflictOfInterest.Ruling.PENDING, candidature__edition__in=editions
    )
    yield Heap(
        pending,
        "lien d’intérêts à examiner",
        "liens d’intérêts à examiner",
        changelist(ConflictOfInterest, "?examen=pending&candidature__edition__id__exact={}"),
        "declared_at",
        "Le premier est noté depuis le {}",
        "candidature__edition",
    )


def deliberation(user, editions, hiding):
    """Letters are told of the files that one sees; the rest, to who sees all of the edition."""
    soon = [edition for edition in editions if is_soon(edition)]
    unread = Decision.objects.visible_to(user).filter(
        candidature__status=Status.ELIGIBLE, letter_queued_at=None, letter_read_at=None
    )
    yield Heap(
        unread.filter(candidature__edition__in=editions),
        "lettre à relire",
        "lettres à relire",
        page("letters"),
        "decided_at",
        "Aucune ne part sans avoir été relue",
        "candidature__edition",
        is_urgent=bool(soon),
    )
    whole = [edition for edition in editions if edition.pk not in hiding]
    deliberating = [edition for edition in whole if edition.is_deliberating]
    files = Candidature.objects.visible_to(user).eligible().filter(edition__in=deliberating)
    yield Heap(
        files.filter(decision=None),
        "candidature sans décision du jury",
        "candidatures sans décision du jury",
        page("edition_jury", "#dossiers"),
        "screened_at",
        "À noter avant les résultats",
        "edition",
        is_urgent=any(edition in soon for edition in deliberating),
    )
    yield Heap(
        JurySession.objects.filter(
            edition__in=whole, closed_at__isnull=False, minutes__isnull=True
        ),
        "procès-verbal à sceller",
        "procès-verbaux à sceller",
        page("sessions"),
        "closed_at",
        "La séance est levée depuis le {}",
        "edition",
    )


def aftermath(user):
    laureates = Laureate.objects.published().visible_to(user)
    told = LaureateNews.objects.filter(laureate__in=laureates, is_public=False).exclude(text="")
    yield Heap(
        told,
        "nouvelle d’un lauréat à relire",
        "nouvelles de lauréats à relire",
        page("edition_follow_up"),
        "told_at",
        "La première est arrivée le {}",
        "laureate__prize__edition",
    )


def sheets(request):
    """What the directory waits for: readers, and sheets that may no longer be true."""
    user = request.user
    if user.has_perm("initiatives.change_contribution"):
        yield Heap(
            listed(Contribution, request).pending(),
            "contribution à lire",
            "contributions à lire",
            changelist(Contribution, "?etat=pending"),
            "created_at",
            "La première est arrivée le {}",
        )
    if user.has_perm("initiatives.change_initiative") and user.has_perm(
        "trophies.view_candidature"
    ):
        yield Heap(
            listed(Initiative, request).proposed(),
            "fiche proposée par un porteur",
            "fiches proposées par des porteurs",
            changelist(Initiative, "?origine=porteur"),
            "updated_at",
            "À relire, puis à publier",
        )
    if user.has_perm("initiatives.change_initiative"):
        listed_sheets = listed(Initiative, request)
        yield Heap(
            listed_sheets.unverified_for(TELL_AFTER),
            "fiche à relire",
            "fiches à relire",
            changelist(Initiative, "?fraicheur=a-relire"),
            "published_at",
            "Huit mois sans que personne ne dise si elle est encore vraie",
        )
        yield Heap(
            listed_sheets.with_dead_website(),
            "fiche dont le site ne répond plus",
            "fiches dont le site ne répond plus",
            changelist(Initiative, "?fraicheur=site-muet"),
            "published_at",
            "Trois essais sans réponse, à un jour d’écart",
        )


def publishing(request):
    user = request.user
    if user.has_perm("post_office.view_email"):
        since = timezone.localdate() - MAILS_SINCE
        yield Heap(
            listed(Email, request).filter(status=STATUS.failed, created__date__gte=since),
            "courriel n’est pas parti",
            "courriels ne sont pas partis",
            changelist(Email, f"?etat={STATUS.failed}&created__date__gte={since}"),
            "created",
            "Le premier date du {}",
            is_urgent=True,
        )
    if user.has_perm("events.change_event"):
        yield Heap(
            listed(Event, request).to_close(),
            "événement à clore",
            "événements à clore",
            changelist(Event, "?suivi=a-clore"),
            "starts_at",
            "Il y manque le nombre de présents, depuis le {}",
        )
    if user.has_perm("events.change_eventphoto"):
        yield Heap(
            listed(EventPhoto, request).to_renew(),
            "photographie à faire autoriser de nouveau",
            "photographies à faire autoriser de nouveau",
            changelist(EventPhoto, "?parution=a-renouveler"),
            "ends_at",
            "La première disparaît après le {}",
        )
    if user.has_perm("news.change_newsitem"):
        yield Heap(
            visible_rows(NewsItem.objects.all(), user).filter(published_at__gt=timezone.now()),
            "actualité programmée",
            "actualités programmées",
            changelist(NewsItem, "?etat=scheduled"),
            "published_at",
            "La prochaine paraît le {}",
        )


def counted(waiting):
    """(index of the heap, edition, count, first instant) of those that hold something."""
    if not waiting:
        return []
    first, *others = [heap.tally(key) for key, heap in enumerate(waiting)]
    rows = first.union(*others, all=True) if others else first
    # Grouped by a constant alone, no rows are counted as one of none.
    return sorted((row for row in rows if row[2]), key=lambda row: (row[0], row[1] or 0))


def lines_of(waiting, editions):
    """A `Line` for each heap that holds something, and for each edition of it, in their order."""
    by_key = {edition.pk: edition for edition in editions}
    return [
        waiting[key].line(by_key.get(edition), count, first)
        for key, edition, count, first in counted(waiting)
    ]


# What waits of the results ----------------------------------------------------------------------


def is_soon(edition):
    at = edition.results_published_at
    return edition.has_been_read and at is not None and at - timezone.now() < SOON


def results(editions, hiding, rewarded):
    """Of the editions that deliberate, or came out without a laureate (`rewarded`: the others)."""
    for edition in editions:
        url = page("edition_change").format(edition.pk)
        if edition.is_deliberating and edition.results_published_at is None:
            yield Line(1, "date de résultats à fixer", url, f"Trophées {edition.year}")
        elif edition.pk in hiding or edition.pk in rewarded or not is_soon(edition):
            continue
        else:
            at = paris_text(edition.results_published_at)
            text = "édition sans lauréat, et ses résultats sont là"
            if edition.is_deliberating:
                text = "édition sans lauréat, à la veille de ses résultats"
            jury = page("edition_jury").format(edition.pk)
            yield Line(1, text, jury, f"Trophées {edition.year}\u202f: {at}", True)
