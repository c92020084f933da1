from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, TemplateView

from initiatives import sharing
from initiatives.directory import Directory, DirectoryPaginator
from initiatives.mapping import DirectoryMap
from initiatives.models import Condition, Initiative
from initiatives.neighbours import neighbours_of
from initiatives.results import dress, ways_out, written_guesses
from initiatives.similar import similar_cards
from rallynov.publishing import PreviewMixin

SIMILAR = 4


class InitiativeListView(TemplateView):
    """The directory, as the query asks for it."""

    template_name = "initiatives/initiative_list.html"

    def get_context_data(self, **kwargs):
        directory = Directory(self.request.GET)
        page = DirectoryPaginator(directory).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            directory=directory,
            page_obj=page,
            initiatives=dress(page.object_list, directory, page.start_index()),
            guesses=written_guesses(page.object_list, directory),
            ways_out=[] if page.object_list else ways_out(directory),
            **kwargs,
        )


class InitiativeMapView(TemplateView):
    """The same directory, on the map."""

    template_name = "initiatives/initiative_map.html"

    def get_context_data(self, **kwargs):
        directory = Directory(self.request.GET)
        return super().get_context_data(
            directory=directory,
            map=DirectoryMap(directory),
            guesses=written_guesses([], directory),
            ways_out=[] if directory.count else ways_out(directory),
            **kwargs,
        )


class InitiativeDetailView(DetailView):
    queryset = Initiative.objects.published().for_detail()

    def get_context_data(self, **kwargs):
        published = Initiative.objects.published()
        return super().get_context_data(
            neighbours=neighbours_of(self.object, self.request.GET),
            similar=similar_cards(self.object, published, most=SIMILAR),
            linked_data=sharing.linked_data(self.object),
            **kwargs,
        )


class InitiativePreviewView(PreviewMixin, InitiativeDetailView):
    queryset = Initiative.objects.for_detail()


# Kept, but asked again each time: the sheet may have its prize since.
@cache_control(public=True, no_cache=True)
def share_card(request, slug):
    """The picture that shows a sheet where its address is shared."""
    sheets = Initiative.objects.published().for_cards()
    content = sharing.card_content(get_object_or_404(sheets, slug=slug))
    tag = sharing.card_tag(content)
    response = get_conditional_response(request, etag=tag) or HttpResponse(
        sharing.card(content), content_type="image/png"
    )
    response.headers["ETag"] = tag
    return response


class ConditionDetailView(DetailView):
    model = Condition

    def get_context_data(self, **kwargs):
        initiatives = Initiative.objects.published().filter(conditions=self.object).for_cards()
        return super().get_context_data(initiatives=initiatives[:12], **kwargs)
