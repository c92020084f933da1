from django.urls import path

from partners import views

app_name = "partners"

urlpatterns = [
    path("", views.PartnershipListView.as_view(), name="list"),
]
