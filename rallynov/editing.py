"""What the admin pages share: publishing, rich text, pictures, addresses, search."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Now
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from rallynov.dates import instant_text
from rallynov.publishing import Publishable, free_slug, visible_rows
from rallynov.richtext import clean_html
from rallynov.sorting import SortKey

State = Publishable.State


class RichTextWidget(forms.Textarea):
    """A textarea that JavaScript turns into an editor."""

    class Media:
        css = {"all": ["admin_skin/css/editor.css"]}
        js = [Script("admin_skin/js/editor.js", type="module")]

    def __init__(self, attrs=None):
        super().__init__({"rows": 12, "data-rich-text": ""} | (attrs or {}))


class RichTextField(forms.CharField):
    widget = RichTextWidget

    def clean(self, value):
        return super().clean(clean_html(value))


# Hours as people write them: 09:30, 9h30, 9 h 30, 9 h.
TIME_FORMATS = ["%H:%M:%S", "%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H h"]


class DateTimeWidget(AdminSplitDateTime):
    """A day and an hour, each with a name of its own."""

    def __init__(self, name):
        super().__init__()
        for widget, part in zip(self.widgets, ["date", "heure"], strict=True):
            widget.attrs["aria-label"] = f"{capfirst(name)} : {part}"


class FieldsMixin:
    """How fields are typed in, on a page of the admin or in a part of it.

    The fields named in `rich_fields` are rich text.
    """

    rich_fields = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.rich_fields:
            return db_field.formfield(form_class=RichTextField, widget=RichTextWidget)
        if isinstance(db_field, models.DateTimeField):
            kwargs["widget"] = DateTimeWidget(db_field.verbose_name)
            kwargs["input_time_formats"] = TIME_FORMATS
        elif isinstance(db_field, models.TextField):
            kwargs["widget"] = AdminTextareaWidget({"rows": 4})
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, models.ManyToManyField):
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            keep_only_add(field.widget)
        return field

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        if rows is None:
            rows = db_field.remote_field.model._default_manager.using(db)
        return visible_rows(rows, request.user)


def keep_only_add(widget):
    widget.can_change_related = widget.can_delete_related = widget.can_view_related = False


class ContentAdmin(FieldsMixin, admin.ModelAdmin):
    """A page of the admin as people read it: plain titles, few buttons."""

    new_title = "Ajouter"
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return visible_rows(super().get_queryset(request), request.user)

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def add_view(self, request, form_url="", extra_context=None):
        context = {"title": self.new_title} | (extra_context or {})
        return super().add_view(request, form_url, context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        context = self.change_context(obj) if obj else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def change_context(self, obj):
        return {"title": str(obj), "subtitle": None}

    def get_view_on_site_url(self, obj=None):
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()


class TabularInline(FieldsMixin, admin.TabularInline):
    """Rows of a table; each input is named, as no label is beside it."""

    extra = 1
    add_text = "Ajouter une ligne"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = capfirst(field.label or db_field.verbose_name)
        return field


class StackedInline(FieldsMixin, admin.StackedInline):
    extra = 0
    add_text = "Ajouter"
    view_on_site = False


class SlugForm(forms.ModelForm):
    """Writes the address from the title when nobody typed one, and never takes another's."""

    slug_source = "title"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = (
                "Se remplit seule. Ne la changez plus une fois la page publiée : les liens vers "
                "elle seraient perdus."
            )

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors:
            typed = cleaned.get("slug")
            if not typed or self.instance._state.adding:
                text = typed or cleaned.get(self.slug_source) or ""
                cleaned["slug"] = free_slug(self.instance, text)
        return cleaned


class PublicationForm(SlugForm):
    """Publishing as a choice between three intentions, over the one field `published_at`."""

    DRAFT, NOW, LATER = "draft", "now", "later"

    publication = forms.ChoiceField(label="Quand la publier ?", widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "published_at" not in self.fields:
            return
        state = self.instance.publication_state
        self.fields["publication"].choices = self.choices(state)
        if self.embargo_year and state == State.SCHEDULED:
            state = State.PUBLISHED
        self.initial["publication"] = {
            State.DRAFT: self.DRAFT,
            State.SCHEDULED: self.LATER,
            State.PUBLISHED: self.NOW,
        }[state]
        self.fields["published_at"].label = "Jour et heure"
        self.fields["published_at"].help_text = "Seulement pour « Programmer le… »."

    @property
    def embargo_year(self):
        return getattr(self.instance, "embargo_year", None)

    def choices(self, state):
        draft = (self.DRAFT, "Brouillon : personne d’autre que l’équipe ne voit cette page")
        if self.embargo_year:
            return [draft, (self.NOW, f"Avec les résultats de {self.embargo_year}, à leur instant")]
        now = "Publier maintenant"
        if state == State.PUBLISHED:
            now = f"En ligne depuis le {instant_text(self.instance.published_at, weekday=False)}"
        return [
            draft,
            (self.NOW, now),
            (self.LATER, "Programmer le…"),
        ]

    def clean(self):
        cleaned = super().clean()
        intention = cleaned.get("publication")
        if intention == self.LATER:
            self.check_date(cleaned.get("published_at"))
        elif intention and cleaned.get("published_at") and "published_at" in self.changed_data:
            self.add_error(
                "published_at",
                "Pour publier à cette date, choisissez « Programmer le… » ; sinon, effacez-la.",
            )
        elif intention:
            self.errors.pop("published_at", None)
            cleaned["published_at"] = self.published_now() if intention == self.NOW else None
        return cleaned

    def check_date(self, at):
        if at is None:
            if "published_at" not in self.errors:
                self.add_error("published_at", "Indiquez le jour et l’heure de la publication.")
        elif at <= timezone.now():
            self.add_error(
                "published_at",
                "Cette date est passée : choisissez une date à venir, ou « Publier maintenant ».",
            )

    def published_now(self):
        if self.embargo_year or self.instance.publication_state == State.PUBLISHED:
            return self.instance.published_at or timezone.now()
        return timezone.now()


class StateFilter(admin.SimpleListFilter):
    title = "publication"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [(state.value, state.label.capitalize()) for state in State]

    def queryset(self, request, queryset):
        conditions = {
            State.DRAFT: {"published_at__isnull": True},
            State.SCHEDULED: {"published_at__gt": Now()},
            State.PUBLISHED: {"published_at__lte": Now()},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


PUBLICATION = ("Publication", {"fields": ["publication", "published_at"], "classes": ["aside"]})


class PublishableAdmin(ContentAdmin):
    """Pages for rows that are drafts, scheduled or published."""

    form = PublicationForm

    @admin.display(description="publication", ordering="published_at")
    def state(self, obj):
        state = obj.publication_state
        text = state.label
        if state == State.SCHEDULED:
            text = f"{text} le {instant_text(obj.published_at, weekday=False)}"
        return format_html('<span class="state state--{}">{}</span>', state.value, text)

    def publication(self, obj):
        """What a person who may only read sees in place of the choice."""
        return self.state(obj)

    def get_view_on_site_url(self, obj=None):
        if obj is None or obj.publication_state != State.PUBLISHED:
            return None
        return super().get_view_on_site_url(obj)

    def change_context(self, obj):
        return super().change_context(obj) | {"preview_url": obj.get_preview_url()}


class SortKeySearchMixin:
    """Searches names as people type them: « besancon » finds Besançon."""

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            queryset = queryset.filter(sort_key__contains=SortKey(Value(word)))
        if request.path.endswith("/autocomplete/"):
            queryset = nearest_first(queryset, SortKey(Value(search_term)))
        return queryset, False


def nearest_first(queryset, key):
    """« Lure » before « Lure-le-Neuf », itself before « Frotey-lès-Lure »."""
    nearness = Case(When(sort_key=key, then=0), When(sort_key__startswith=key, then=1), default=2)
    return queryset.order_by(nearness, "sort_key", "pk")


class PictureInline(StackedInline):
    """Pictures with their preview, the first of which heads the page."""

    extra = 1
    add_text = "Ajouter une photographie"
    fields = ["preview", "image", "alt", "credit", "position"]
    readonly_fields = ["preview"]
    verbose_name_plural = "photographies, la première en tête"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "image":
            # The preview says which picture is there; its file has no address of its own.
            field.widget = forms.FileInput(field.widget.attrs)
        return field

    @admin.display(description="aperçu")
    def preview(self, picture):
        if not picture.pk:
            return "Aucune image pour l’instant."
        return format_html(
            '<img class="preview" src="{}" alt="{}" width="{}" height="{}">',
            picture.get_absolute_url(),
            picture.alt,
            picture.width,
            picture.height,
        )
