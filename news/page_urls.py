from django.urls import path

from news.models import Page
from news.views import PageView

app_name = "pages"

ADDRESSES = {
    Page.Key.ABOUT: "rallynov/",
    Page.Key.EUROPE: "rallynov/europe/",
    Page.Key.LEGAL: "mentions-legales/",
    Page.Key.ACCESSIBILITY: "accessibilite/",
    Page.Key.PRIVACY: "donnees-personnelles/",
    Page.Key.CONTACT: "contact/",
}

urlpatterns = [
    path(address, PageView.as_view(key=key), name=key.value) for key, address in ADDRESSES.items()
]
