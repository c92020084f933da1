from django.urls import path

from trophies import alerts, report_views, takeaway, views

app_name = "trophies"

urlpatterns = [
    path("", views.EditionListView.as_view(), name="list"),
    path("candidater/", views.apply_now, name="apply-now"),
    path("prevenir/", alerts.AlertView.as_view(), name="alert"),
    path("prevenir/demande/", alerts.AlertAskedView.as_view(), name="alert-asked"),
    path("prevenir/<uuid:token>/", alerts.AlertConfirmView.as_view(), name="alert-confirm"),
    path("prevenir/<uuid:token>/arreter/", alerts.AlertStopView.as_view(), name="alert-stop"),
    path("<int:year>/", views.EditionDetailView.as_view(), name="edition"),
    path("<int:year>/apercu/", views.EditionPreviewView.as_view(), name="preview"),
    path("<int:year>/laureats/", views.LaureateListView.as_view(), name="laureates"),
    path("<int:year>/bilan/", report_views.ReportView.as_view(), name="report"),
    path(
        "<int:year>/bilan/apercu/", report_views.ReportPreviewView.as_view(), name="report-preview"
    ),
    path("<int:year>/bilan.pdf", report_views.report_pdf, name="report-pdf"),
    path("<int:year>/reglement/", views.RegulationView.as_view(), name="regulation"),
    path("<int:year>/candidater/", views.ApplyView.as_view(), name="apply"),
    path("<int:year>/questions.pdf", takeaway.questions, name="questions"),
    path("<int:year>/cloture.ics", takeaway.closing, name="closing-ics"),
]
