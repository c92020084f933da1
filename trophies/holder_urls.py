from django.urls import path

from trophies import (
    answering,
    holder,
    holders,
    pieces,
    sheet_offer,
    starting,
    takeaway,
    telling,
    writing,
)

app_name = "candidatures"

urlpatterns = [
    path("", holder.CandidatureListView.as_view(), name="list"),
    path("commencer/<int:year>/", starting.StartView.as_view(), name="start"),
    path("commencer/<int:year>/structure/", starting.FirstStepView.as_view(), name="first"),
    path("commencer/<int:year>/suite/", starting.JoinView.as_view(), name="join"),
    path("invitations/<uuid:uuid>/", holders.InvitationView.as_view(), name="invitation"),
    path("<uuid:uuid>/", holder.CandidatureDetailView.as_view(), name="detail"),
    path("<uuid:uuid>/modifier/", writing.CandidatureEditView.as_view(), name="edit"),
    path("<uuid:uuid>/etapes/<slug:slug>/", writing.StepView.as_view(), name="step"),
    path("<uuid:uuid>/etapes/<slug:slug>/choisir/", writing.ChooseView.as_view(), name="choose"),
    path("<uuid:uuid>/porteurs/", holders.HoldersView.as_view(), name="holders"),
    path(
        "<uuid:uuid>/porteurs/<uuid:invitation>/annuler/",
        holders.CancelInvitationView.as_view(),
        name="cancel-invitation",
    ),
    path("<uuid:uuid>/porteurs/quitter/", holders.LeaveView.as_view(), name="leave"),
    path("<uuid:uuid>/pieces/", pieces.PiecesView.as_view(), name="pieces"),
    path("<uuid:uuid>/pieces/annonce/", pieces.AnnounceView.as_view(), name="announce-piece"),
    path(
        "<uuid:uuid>/pieces/<uuid:piece>/retirer/",
        pieces.RemoveView.as_view(),
        name="remove-piece",
    ),
    path("<uuid:uuid>/demandes/<uuid:asked>/", answering.AnswerView.as_view(), name="answer"),
    path("<uuid:uuid>/deposer/", holder.DepositView.as_view(), name="deposit"),
    path("<uuid:uuid>/depots/<int:number>/", holder.ReceiptView.as_view(), name="receipt"),
    path(
        "<uuid:uuid>/depots/<int:number>/recu.pdf",
        takeaway.ReceiptPdfView.as_view(),
        name="receipt-pdf",
    ),
    path("<uuid:uuid>/dossier.zip", takeaway.ArchiveView.as_view(), name="archive"),
    path("<uuid:uuid>/nouvelles/<int:years>/", telling.NewsView.as_view(), name="news"),
    path("<uuid:uuid>/fiche/", sheet_offer.SheetView.as_view(), name="sheet"),
    path("<uuid:uuid>/retirer/", holder.WithdrawView.as_view(), name="withdraw"),
]
