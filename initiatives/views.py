from django.views.generic import DetailView, ListView

from initiatives.models import Condition, Initiative
from rallynov.publishing import PreviewMixin


class InitiativeListView(ListView):
    queryset = Initiative.objects.published().for_cards()
    context_object_name = "initiatives"
    paginate_by = 24


class InitiativeDetailView(DetailView):
    queryset = Initiative.objects.published().for_detail()


class InitiativePreviewView(PreviewMixin, DetailView):
    queryset = Initiative.objects.for_detail()


class ConditionDetailView(DetailView):
    model = Condition

    def get_context_data(self, **kwargs):
        initiatives = Initiative.objects.published().filter(conditions=self.object).for_cards()
        return super().get_context_data(initiatives=initiatives[:12], **kwargs)
