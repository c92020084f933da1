"""The project holder's space. (Being written.)"""

from django.http import Http404
from django.views.generic import View


class Unwritten(View):
    def dispatch(self, request, *args, **kwargs):
        raise Http404


CandidatureListView = StartView = CandidatureDetailView = CandidatureEditView = Unwritten
DepositView = ReceiptView = WithdrawView = Unwritten
attachment = Unwritten.as_view()
