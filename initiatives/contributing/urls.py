from django.urls import path

from initiatives.contributing import space

app_name = "sheets"

urlpatterns = [
    path("", space.SheetsView.as_view(), name="list"),
    path("invitations/<uuid:uuid>/", space.InvitationView.as_view(), name="invitation"),
    path("<slug:slug>/", space.SheetView.as_view(), name="sheet"),
    path("<slug:slug>/personnes/", space.PeopleView.as_view(), name="people"),
    path(
        "<slug:slug>/personnes/<uuid:invitation>/annuler/",
        space.CancelInvitationView.as_view(),
        name="cancel-invitation",
    ),
    path("<slug:slug>/personnes/quitter/", space.LeaveView.as_view(), name="leave"),
]
