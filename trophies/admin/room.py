"""The screen that the room sees during a session: the board, the votes, one file at a time."""

from collections import defaultdict
from statistics import fmean

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from rallynov.bars import percent
from trophies.dossier import Dossier
from trophies.models import Candidature, Evaluation
from trophies.plot import HIGHEST
from trophies.screen import Screen

WAITING = {
    "planned": "La séance n’est pas encore ouverte.",
    "unread": "Le jury lit\u202f: rien ne se montre avant la fin des lectures.",
    "closed": "La séance est levée.",
}


class RoomPagesMixin:
    """The pages that are projected: no menu, no name of a juror beside what they gave."""

    def get_urls(self):
        room = "<int:pk>/jury/seances/<int:number>/ecran/"
        pages = [
            (room, self.room_view, "trophies_room"),
            (f"{room}<int:candidature>/", self.room_file_view, "trophies_room_file"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def room_view(self, request, pk, number):
        session = self.session_for(request, pk, number)
        if waiting := waiting_text(session):
            return project(request, session, "admin/room/wait.html", text=waiting)
        seen = seen_in(request)
        screen = Screen(session, request.user, seen=seen)
        template = template_of(screen)
        return project(request, session, template, screen=screen, query=query_of(seen))

    def room_file_view(self, request, pk, number, candidature):
        """One file. The same 404 for what does not exist and for whom somebody has to go out."""
        session = self.session_for(request, pk, number)
        if waiting_text(session):
            raise Http404("nothing is shown now")
        screen = Screen(session, request.user)
        lines = [line for line in [*screen.lines, *screen.others] if line.title]
        keys = [line.key for line in lines]
        if candidature not in keys:
            raise Http404("not shown in this room")
        place = keys.index(candidature)
        file = Candidature.objects.for_detail().get(pk=candidature)
        readings = readings_of(session.edition, file)
        return project(
            request,
            session,
            "admin/room/file.html",
            screen=screen,
            line=lines[place],
            before=lines[place - 1] if place else None,
            after=lines[place + 1] if place + 1 < len(lines) else None,
            summary=Dossier(file, {}).summary,
            criteria=criteria_of(session.edition, readings) if screen.is_ranked else [],
            comments=[reading.comment_for_jury for reading in readings if reading.comment_for_jury],
            query=query_of(seen_in(request)),
        )


def template_of(screen):
    """A vote has the whole screen, then its result until it was read."""
    if screen.ballot:
        return "admin/room/ballot.html"
    return "admin/room/result.html" if screen.result else "admin/room/board.html"


def project(request, session, template, **context):
    screen = reverse("admin:trophies_room", args=[session.edition_id, session.number])
    context |= {"session": session, "edition": session.edition, "screen_url": screen}
    return TemplateResponse(request, template, context)


def waiting_text(session):
    """Why nothing may be shown: outside the session, nobody noted who is in the room."""
    if session.is_closed:
        return WAITING["closed"]
    if not session.is_open:
        return WAITING["planned"]
    return "" if session.edition.has_been_read else WAITING["unread"]


def seen_in(request):
    """The number of the last result that was read, by the address of the page."""
    text = request.GET.get("vu", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def query_of(seen):
    return f"?vu={seen}" if seen else ""


def readings_of(edition, file):
    """Those that count, in an order that tells nothing of who wrote them."""
    rows = Evaluation.objects.counting(edition).filter(assignment__candidature=file)
    return list(rows.order_by("assignment__uuid"))


def criteria_of(edition, readings):
    """Each criterion with the mean of the levels given, and where it stands on their scale."""
    given = defaultdict(list)
    for reading in readings:
        for criterion, level in reading.levels.items():
            if level is not None:
                given[criterion].append(level)
    rows = []
    for criterion in edition.criteria.all():
        levels = given[criterion.pk]
        mean = fmean(levels) if levels else None
        at = percent(100 * mean / HIGHEST) if levels else ""
        rows.append({"label": criterion.label, "mean": mean, "at": at, "number": len(levels)})
    return rows
