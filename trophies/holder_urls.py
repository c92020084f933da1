from django.urls import path

from trophies import holder

app_name = "candidatures"

urlpatterns = [
    path("", holder.CandidatureListView.as_view(), name="list"),
    path("commencer/<int:year>/", holder.StartView.as_view(), name="start"),
    path("<uuid:uuid>/", holder.CandidatureDetailView.as_view(), name="detail"),
    path("<uuid:uuid>/modifier/", holder.CandidatureEditView.as_view(), name="edit"),
    path("<uuid:uuid>/deposer/", holder.DepositView.as_view(), name="deposit"),
    path("<uuid:uuid>/depots/<int:number>/", holder.ReceiptView.as_view(), name="receipt"),
    path("<uuid:uuid>/retirer/", holder.WithdrawView.as_view(), name="withdraw"),
]
