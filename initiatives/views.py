from django.views.generic import DetailView, TemplateView

from initiatives.directory import Directory, DirectoryPaginator
from initiatives.models import Condition, Initiative
from rallynov.publishing import PreviewMixin


class InitiativeListView(TemplateView):
    """The directory, as the query asks for it."""

    template_name = "initiatives/initiative_list.html"

    def get_context_data(self, **kwargs):
        directory = Directory(self.request.GET)
        page = DirectoryPaginator(directory).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            directory=directory, page_obj=page, initiatives=page.object_list, **kwargs
        )


class InitiativeDetailView(DetailView):
    queryset = Initiative.objects.published().for_detail()


class InitiativePreviewView(PreviewMixin, DetailView):
    queryset = Initiative.objects.for_detail()


class ConditionDetailView(DetailView):
    model = Condition

    def get_context_data(self, **kwargs):
        initiatives = Initiative.objects.published().filter(conditions=self.object).for_cards()
        return super().get_context_data(initiatives=initiatives[:12], **kwargs)
