from django.urls import path

from rallynov.opendata import views

urlpatterns = [
    path("", views.DataView.as_view(), name="data"),
    path("<slug:dataset>.schema.json", views.table_schema, name="data-table-schema"),
    path("<slug:dataset>.json-schema.json", views.json_schema, name="data-json-schema"),
    path("<slug:dataset>.<slug:kind>", views.data_file, name="data-file"),
]
