from django.urls import path

from trophies import views

app_name = "trophies"

urlpatterns = [
    path("", views.EditionListView.as_view(), name="list"),
    path("candidater/", views.apply_now, name="apply-now"),
    path("<int:year>/", views.EditionDetailView.as_view(), name="edition"),
    path("<int:year>/apercu/", views.EditionPreviewView.as_view(), name="preview"),
    path("<int:year>/laureats/", views.LaureateListView.as_view(), name="laureates"),
    path("<int:year>/reglement/", views.RegulationView.as_view(), name="regulation"),
    path("<int:year>/candidater/", views.ApplyView.as_view(), name="apply"),
]
