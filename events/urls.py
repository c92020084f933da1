from django.urls import path

from events import registering, views

app_name = "events"

urlpatterns = [
    path("agenda/", views.EventListView.as_view(), name="list"),
    path("agenda.ics", views.agenda, name="calendar"),
    path("agenda/<int:year>/", views.EventYearView.as_view(), name="year"),
    path("agenda/document/<uuid:uuid>.pdf", views.document, name="document"),
    path(
        "agenda/inscription/<uuid:uuid>/",
        registering.RegistrationView.as_view(),
        name="registration",
    ),
    path("agenda/<slug:slug>/", views.EventDetailView.as_view(), name="detail"),
    path("agenda/<slug:slug>/apercu/", views.EventPreviewView.as_view(), name="preview"),
    path("agenda/<slug:slug>.ics", views.ics, name="ics"),
    path("agenda/<slug:slug>/inscription/", registering.RegisterView.as_view(), name="register"),
    path(
        "agenda/<slug:slug>/inscription/merci/",
        registering.RegisteredView.as_view(),
        name="registered",
    ),
]
