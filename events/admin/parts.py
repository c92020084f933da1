"""What is edited on the page of an event, below its own fields."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from events.admin.photos import look_html
from events.models import EventDocument, EventOrganisation, EventPhoto, Speaker
from rallynov.editing import PictureInline, TabularInline
from rallynov.numbers import size_text


class EventOrganisationInline(TabularInline):
    model = EventOrganisation
    add_text = "Ajouter une organisation"
    autocomplete_fields = ["organisation"]


class SpeakerInline(TabularInline):
    model = Speaker
    add_text = "Ajouter un intervenant"


class EventDocumentInline(TabularInline):
    model = EventDocument
    extra = 0
    add_text = "Ajouter un document"
    fields = ["title", "file", "current", "position"]
    readonly_fields = ["current"]
    verbose_name_plural = "documents à télécharger"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "file":
            # The file has no address of its own: the document has.
            field.widget = forms.FileInput(field.widget.attrs | {"accept": "application/pdf"})
        return field

    @admin.display(description="enregistré")
    def current(self, document):
        if not document.pk:
            return "—"
        address, size = document.get_absolute_url(), size_text(document.size)
        return format_html('<a href="{}">PDF, {}</a>', address, size)


class EventPhotoInline(PictureInline):
    model = EventPhoto
    fields = ["preview", "image", "alt", "credit", "shows_people", "appearance", "position"]
    readonly_fields = ["preview", "appearance"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("authorisations")

    @admin.display(description="parution")
    def appearance(self, photo):
        if not photo.pk:
            return "Enregistrez-la, puis joignez-y les autorisations des personnes."
        address = reverse("admin:events_eventphoto_change", args=[photo.pk])
        link = format_html('<a href="{}">Les autorisations</a>', address)
        return format_html("{} · {}", look_html(photo), link)
