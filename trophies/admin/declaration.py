"""The page where a juror declares their ties, on the list of organisations, before any file."""

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from partners.models import Organisation
from trophies.admin.declaration_form import DeclarationForm
from trophies.models import JuryMember
from trophies.services.declarations import (
    NewOrganisations,
    listed_organisations,
    sign_declaration,
)


def pages(reading_admin):
    """The addresses of this page, below those of the readings."""

    def view(request, year):
        return declaration_view(reading_admin, request, year)

    return [path("liens/<int:year>/", reading_admin.guard(view), name="trophies_declaration")]


def declaration_view(reading_admin, request, year):
    member = own_seat(request.user, year)
    form = DeclarationForm(member, listed_organisations(member), request.POST or None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            sign_declaration(member, form.declaration)
        except NewOrganisations as late:
            refusal = str(late)
            form = DeclarationForm(member, listed_organisations(member), request.POST)
        else:
            messages.success(request, "Votre déclaration est enregistrée. Merci.")
            return redirect("admin:trophies_readings")
    context = {
        "title": "Vos liens, avant de lire",
        "member": member,
        "edition": member.edition,
        "form": form,
        "known": Organisation.objects.published(),
        "refusal": refusal,
    }
    return reading_admin.page(request, "admin/reading/declaration.html", context)


def own_seat(user, year):
    """Their seat in a jury that has not finished; the same 404 for any other and for none."""
    is_ahead = Q(edition__jury_closes_at=None) | Q(edition__jury_closes_at__gt=Now())
    is_ahead |= Q(edition__second_closes_at__gt=Now())
    is_published = Q(edition__results_published_at__lte=Now())
    seats = JuryMember.objects.sitting().filter(is_ahead, user=user, edition__year=year)
    seats = seats.exclude(is_published).select_related("edition", "organisation", "user")
    return get_object_or_404(seats)
