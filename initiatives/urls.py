from django.urls import path
from django.views.decorators.cache import cache_control

from initiatives import feeds, views

app_name = "initiatives"

urlpatterns = [
    path("initiatives/", views.InitiativeListView.as_view(), name="list"),
    path("initiatives/carte/", views.InitiativeMapView.as_view(), name="map"),
    path(
        "initiatives/flux.atom",
        cache_control(no_cache=True)(feeds.InitiativeFeed()),
        name="feed",
    ),
    path("initiatives/<slug:slug>/", views.InitiativeDetailView.as_view(), name="detail"),
    path("initiatives/<slug:slug>/partage.png", views.share_card, name="share-card"),
    path("initiatives/<slug:slug>/apercu/", views.InitiativePreviewView.as_view(), name="preview"),
    path(
        "conditions-favorables/<slug:slug>/",
        views.ConditionDetailView.as_view(),
        name="condition",
    ),
]
