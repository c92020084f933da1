"""Serves pictures and their copies: those of published rows to everyone, the others to staff."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control, never_cache

from events.models import Event, EventPhoto
from initiatives.models import Initiative, Photo
from news.models import NewsItem, NewsPhoto
from rallynov.picture_sizes import KINDS, copy_name
from rallynov.publishing import visible_rows

# The pictures that may appear, and what must be published for them to.
SOURCES = [
    (Photo.objects.all, "initiative", Initiative),
    (NewsPhoto.objects.all, "news_item", NewsItem),
    (EventPhoto.objects.allowed, "event", Event),
]


def picture(request, uuid, width=None, kind="webp"):
    """The picture, or its copy of a width where there is one."""
    found = published_picture(uuid)
    if found is None:
        return staff_response(request, uuid, width, kind)
    if getattr(found, "shows_people", False):
        return passing_response(request, found, width, kind)
    return public_response(request, found, width, kind)


def published_picture(uuid):
    for pictures, parent, parent_model in SOURCES:
        public = parent_model.objects.published()
        found = pictures().filter(uuid=uuid, **{f"{parent}__in": public}).first()
        if found:
            return found
    return None


@cache_control(public=True, max_age=3600)
def public_response(request, *asked):
    return file_response(*asked)


@cache_control(public=True, no_cache=True)
def passing_response(request, *asked):
    """Of people who may withdraw what they allowed: no cache shows it after that."""
    return file_response(*asked)


@never_cache
def staff_response(request, uuid, width, kind):
    """Only here is the session read: the public answer is the same for everyone."""
    if not admin.site.has_permission(request):
        raise Http404("no such picture")
    for pictures, parent, parent_model in SOURCES:
        options = parent_model._meta
        if request.user.has_perm(f"{options.app_label}.view_{options.model_name}"):
            visible = visible_rows(parent_model.objects.all(), request.user)
            every = pictures().model.objects
            found = every.filter(uuid=uuid, **{f"{parent}__in": visible}).first()
            if found:
                return file_response(found, width, kind)
    raise Http404("no such picture")


def file_response(found, width, kind):
    """The whole file: `prepare()` made it small."""
    if kind not in KINDS or width is not None and width not in found.sizes:
        raise Http404("no such size")
    name = copy_name(found.image.name, width, kind) if width else found.image.name
    try:
        with found.image.storage.open(name) as file:
            return HttpResponse(file.read(), content_type=f"image/{kind}")
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
