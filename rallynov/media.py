"""Serves pictures: those of published rows to everyone, the others to staff."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control, never_cache

from events.models import Event, EventPhoto
from initiatives.models import Initiative, Photo
from news.models import NewsItem, NewsPhoto
from rallynov.publishing import visible_rows

SOURCES = [
    (Photo, "initiative", Initiative),
    (NewsPhoto, "news_item", NewsItem),
    (EventPhoto, "event", Event),
]


def picture(request, uuid):
    found = published_picture(uuid)
    if found:
        return public_response(request, found)
    return staff_response(request, uuid)


def published_picture(uuid):
    for model, parent, parent_model in SOURCES:
        public = parent_model.objects.published()
        found = model.objects.filter(uuid=uuid, **{f"{parent}__in": public}).first()
        if found:
            return found
    return None


@cache_control(public=True, max_age=3600)
def public_response(request, found):
    return file_response(found)


@never_cache
def staff_response(request, uuid):
    """Only here is the session read: the public answer is the same for everyone."""
    if not admin.site.has_permission(request):
        raise Http404("no such picture")
    for model, parent, parent_model in SOURCES:
        options = parent_model._meta
        if request.user.has_perm(f"{options.app_label}.view_{options.model_name}"):
            visible = visible_rows(parent_model.objects.all(), request.user)
            found = model.objects.filter(uuid=uuid, **{f"{parent}__in": visible}).first()
            if found:
                return file_response(found)
    raise Http404("no such picture")


def file_response(found):
    """The whole picture: `prepare()` made it small."""
    try:
        with found.image.open() as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
