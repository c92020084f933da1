from django.urls import path

from events import registering, views

app_name = "events"

urlpatterns = [
    path("", views.EventListView.as_view(), name="list"),
    path("agenda.ics", views.agenda, name="calendar"),
    path("<int:year>/", views.EventYearView.as_view(), name="year"),
    path("document/<uuid:uuid>.pdf", views.document, name="document"),
    path("inscription/<uuid:uuid>/", registering.RegistrationView.as_view(), name="registration"),
    path("<slug:slug>/", views.EventDetailView.as_view(), name="detail"),
    path("<slug:slug>/apercu/", views.EventPreviewView.as_view(), name="preview"),
    path("<slug:slug>/evenement.ics", views.ics, name="ics"),
    path("<slug:slug>/inscription/", registering.RegisterView.as_view(), name="register"),
    path("<slug:slug>/inscription/merci/", registering.RegisteredView.as_view(), name="registered"),
]
