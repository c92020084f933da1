from django.urls import path

from audience import views

app_name = "audience"

urlpatterns = [
    path("", views.MethodView.as_view(), name="method"),
    path("vue/", views.seen, name="seen"),
]
