from django.urls import path
from django.views.decorators.cache import cache_control

from initiatives import embed, feeds, views
from initiatives.contributing import public, space
from initiatives.freshness.views import FreshnessView

app_name = "initiatives"

urlpatterns = [
    path("initiatives/", views.InitiativeListView.as_view(), name="list"),
    path("initiatives/carte/", views.InitiativeMapView.as_view(), name="map"),
    path(
        "initiatives/flux.atom",
        cache_control(no_cache=True)(feeds.InitiativeFeed()),
        name="feed",
    ),
    path("initiatives/integrer/", embed.EmbedView.as_view(), name="embed"),
    path("initiatives/integrer/cadre/", embed.EmbedFrameView.as_view(), name="embed-frame"),
    path("initiatives/fraicheur/<uuid:uuid>/", FreshnessView.as_view(), name="freshness"),
    path("initiatives/proposer/", public.ProposeView.as_view(), name="propose"),
    path("initiatives/proposer/proches/", public.close, name="close"),
    path("initiatives/proposer/merci/", public.ProposedView.as_view(), name="proposed"),
    path("initiatives/<slug:slug>/", views.InitiativeDetailView.as_view(), name="detail"),
    path("initiatives/<slug:slug>/partage.png", views.share_card, name="share-card"),
    path("initiatives/<slug:slug>/apercu/", views.InitiativePreviewView.as_view(), name="preview"),
    path("initiatives/<slug:slug>/signaler/", public.FaultView.as_view(), name="fault"),
    path(
        "initiatives/<slug:slug>/signaler/merci/",
        public.FaultSentView.as_view(),
        name="fault-sent",
    ),
    path("initiatives/<slug:slug>/revendiquer/", space.ClaimView.as_view(), name="claim"),
    path(
        "conditions-favorables/<slug:slug>/",
        views.ConditionDetailView.as_view(),
        name="condition",
    ),
]
