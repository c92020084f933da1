"""The admin's doors: who comes in, what the first page offers, which pages exist."""

from functools import update_wrapper

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from accounts.roles import READING
from rallynov.privacy import desk
from rallynov.publishing import visible_rows
from rallynov.staff_home import home_of

ACTS_SHOWN, LOOKED_AT = 8, 40  # of the last things that a person wrote

# Pages that these packages bring are made for developers; ours replace those that staff need.
LEFT_OUT = ("allauth.", "django.contrib.auth.", "pghistory.", "post_office.")

APP_ORDER = [
    "news",
    "events",
    "initiatives",
    "trophies",
    "partners",
    "accounts",
    "post_office",
    "audience",
    "places",
]

# What the first page offers, in words of the trade: permission, address, title, explanation.
TASKS = [
    (
        READING,
        "trophies_readings",
        "Lire les candidatures",
        "Vos dossiers l’un après l’autre, la grille à côté. Tout s’enregistre à mesure.",
    ),
    (
        "news.add_newsitem",
        "news_newsitem_add",
        "Publier une actualité",
        "Un titre, quelques lignes, une image. Tout de suite ou à la date choisie.",
    ),
    (
        "events.add_event",
        "events_event_add",
        "Annoncer un événement",
        "Rencontre, atelier, salon : la date, le lieu, qui l’organise.",
    ),
    (
        "initiatives.change_initiative",
        "initiatives_initiative_changelist",
        "Corriger une fiche",
        "Retrouvez une initiative de l’annuaire et mettez-la à jour.",
    ),
    (
        "initiatives.add_initiative",
        "initiatives_initiative_add",
        "Ajouter une initiative",
        "Une phrase suffit pour commencer ; le reste peut attendre.",
    ),
    (
        "news.change_page",
        "news_page_changelist",
        "Modifier une page",
        "Rally’nov, mentions légales, contact : les textes qui ne bougent guère.",
    ),
    (
        "trophies.change_candidature",
        "trophies_candidature_changelist",
        "Examiner les candidatures",
        "Les lire, dire si elles sont recevables, voir où elles en sont.",
    ),
    (
        "trophies.change_edition",
        "trophies_edition_changelist",
        "Préparer une édition",
        "Les dates, le règlement, les prix, le jury, puis les décisions.",
    ),
    (
        "trophies.change_awardfollowup",
        "trophies_laureate_changelist",
        "Suivre les prix",
        "Qui a signé sa convention, qui attend encore son versement.",
    ),
    (
        desk.PERMISSION,
        "person",
        "Répondre à une personne",
        "Elle demande ce que le site garde d’elle, ou que cela disparaisse.",
    ),
]


def has_used_second_factor(request):
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def is_second_factor_missing(request):
    return settings.SECOND_FACTOR_REQUIRED and not has_used_second_factor(request)


def tasks_for(user):
    return [
        {"url": reverse(f"admin:{name}"), "title": title, "text": text}
        for permission, name, title, text in TASKS
        if user.has_perm(permission)
    ]


def acts_of(user):
    """The last things that `user` wrote, but on rows that they may see no more: no name stays."""
    entries = list(LogEntry.objects.filter(user=user).select_related("content_type")[:LOOKED_AT])
    hidden = hidden_rows(entries, user)
    shown = [entry for entry in entries if (entry.content_type_id, entry.object_id) not in hidden]
    return shown[:ACTS_SHOWN]


def hidden_rows(entries, user):
    """(content type, key) of those that are there and that `user` may not see, in one statement."""
    keys = {}
    for entry in entries:
        keys.setdefault(entry.content_type, set()).add(entry.object_id)
    found = [hidden_keys(content_type, own, user) for content_type, own in keys.items()]
    found = [rows for rows in found if rows is not None]
    return set(found[0].union(*found[1:], all=True)) if found else set()


def hidden_keys(content_type, keys, user):
    model = content_type.model_class()
    if model is None or not hasattr(model.objects.all(), "visible_to"):
        return None
    rows = model.objects.filter(pk__in=keys).order_by()
    rows = rows.exclude(pk__in=visible_rows(model.objects.order_by(), user).values("pk"))
    kind, key = Value(content_type.pk, IntegerField()), Cast("pk", TextField())
    return rows.annotate(of_kind=kind, its_key=key).values_list("of_kind", "its_key")


class RallynovAdminSite(admin.AdminSite):
    site_title = site_header = "Rally’nov"
    index_title = "Que voulez-vous faire ?"
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def register(self, model_or_iterable, admin_class=None, **options):
        if (admin_class or admin.ModelAdmin).__module__.startswith(LEFT_OUT):
            return
        super().register(model_or_iterable, admin_class, **options)

    def get_urls(self):
        return [*desk.urls(self), *super().get_urls()]

    def has_permission(self, request):
        user = request.user
        return user.is_active and user.is_staff and not is_second_factor_missing(request)

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            return self.refusal(request) or inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def refusal(self, request):
        """Where to send who may not come in; None for the others."""
        if self.has_permission(request):
            return None
        user = request.user
        if not user.is_authenticated:
            step = "account_login"
        elif not user.is_staff:
            raise PermissionDenied
        elif is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            step = "mfa_reauthenticate"
        else:
            step = "mfa_activate_totp"
        return redirect_to_login(request.get_full_path(), reverse(step))

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(reverse("admin:index"), reverse("account_login"))

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        own = {"tasks": tasks_for(request.user), "acts": acts_of(request.user)}
        own |= {"home": home_of(request), "today": timezone.localdate()}
        context = own | (extra_context or {})
        return super().index(request, context)

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: slugify(model["name"]))
        return sorted(apps, key=lambda app: APP_ORDER.index(app["app_label"]))
