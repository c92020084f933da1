"""The team's pages on who comes to an event: the list, giving up for somebody, the sheet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.http import content_disposition_header

from events import attendance, services
from events.models import Registration
from events.models.registration import VIEW
from rallynov.sorting import SortKey
from rallynov.spreadsheets import file_response

CHANGE = "events.change_registration"
Status = Registration.Status
TOO_LATE = "Rien à annuler\u202f: c’est déjà fait, ou l’événement a commencé."


def grouped(rows):
    """(title, key, rows) of each part of the list that holds somebody."""
    parts = [
        ("Ont une place", "confirmed", [Status.CONFIRMED]),
        ("Une place leur est proposée", "offered", [Status.OFFERED]),
        ("Liste d’attente, dans l’ordre", "waiting", [Status.WAITING]),
        ("Ne viennent plus", "ended", [Status.CANCELLED, Status.LAPSED]),
    ]
    found = [(title, key, [r for r in rows if r.status in states]) for title, key, states in parts]
    return [part for part in found if part[2]]


def in_order(rows):
    """Those in line by arrival, all others as one looks for a name."""
    rows = list(rows.order_by(SortKey("name"), "pk"))
    waiting = sorted((row for row in rows if row.status == Status.WAITING), key=lambda row: row.pk)
    return [row for row in rows if row.status != Status.WAITING] + waiting


class RegistrationPagesMixin:
    """The pages of `EventAdmin` on its registrations, for the team alone."""

    def get_urls(self):
        pages = [
            ("inscriptions/", self.registrations_view, "registrations"),
            ("inscriptions/<int:number>/annuler/", self.give_up_view, "give_up"),
            ("inscriptions/feuille.pdf", self.sheet_pdf_view, "sheet_pdf"),
            ("inscriptions/feuille.xlsx", self.sheet_xlsx_view, "sheet_xlsx"),
        ]
        own = [
            path(f"<int:pk>/{a}", self.admin_site.admin_view(view), name=f"events_event_{name}")
            for a, view, name in pages
        ]
        return own + super().get_urls()

    def event_with_people(self, request, pk, permission=VIEW):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        event = self.get_object(request, str(pk))
        if event is None:
            raise Http404("no such event")
        return event

    def registrations_view(self, request, pk):
        event = self.event_with_people(request, pk)
        rows = in_order(event.registrations.visible_to(request.user))
        needs = [row for row in rows if row.needs and row.is_active]
        return self.respond(
            request,
            "admin/events/registrations.html",
            event,
            title="Les inscriptions",
            parts=grouped(rows),
            needs=needs,
            held=sum(row.status in Registration.HOLDING for row in rows),
            may_cancel=request.user.has_perm(CHANGE) and services.takes_answers(event),
        )

    def give_up_view(self, request, pk, number):
        event = self.event_with_people(request, pk, CHANGE)
        rows = event.registrations.visible_to(request.user).active()
        registration = get_object_or_404(rows, pk=number)
        if request.method != "POST":
            return self.respond(
                request,
                "admin/events/give_up.html",
                event,
                title="Annuler cette inscription",
                registration=registration,
                refusal="" if services.takes_answers(event) else TOO_LATE,
            )
        if services.cancel(registration):
            self.log_change(request, event, "Une inscription annulée.")
            text = f"Inscription annulée\u202f: {registration}. Un courriel le lui dit."
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, TOO_LATE, messages.ERROR)
        return redirect("admin:events_event_registrations", pk)

    def sheet_pdf_view(self, request, pk):
        event = self.event_with_people(request, pk)
        name = f"presence-{event.slug}.pdf"
        headers = {"Content-Disposition": content_disposition_header(True, name)}
        content = attendance.sheet_pdf(event)
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def sheet_xlsx_view(self, request, pk):
        event = self.event_with_people(request, pk)
        pages = {"Présences": attendance.sheet_lines(event)}
        return file_response(pages, "xlsx", f"presence-{event.slug}")
