from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.cache import cache_control

from rallynov import contact, mailbox, media, views
from rallynov.patterns import VERSION
from rallynov.privacy.views import CopyView, RegisterView
from rallynov.site_search import SiteSearchView
from rallynov.sitemaps import SITEMAPS
from rallynov.suggestions import suggestions
from trophies.pieces import attachment

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("initiatives.urls")),
    path("conditions-favorables/", views.ConditionListView.as_view(), name="conditions"),
    path("trophees/", include("trophies.urls")),
    path("mes-candidatures/", include("trophies.holder_urls")),
    path("mes-initiatives/", include("initiatives.contributing.urls")),
    path("pieces/<uuid:uuid>/", attachment, name="attachment"),
    path("", include("events.urls")),
    path("actualites/", include("news.urls")),
    path("partenaires/", include("partners.urls")),
    path("partenaires/<slug:slug>/", views.OrganisationDetailView.as_view(), name="partner"),
    path("donnees-personnelles/registre/", RegisterView.as_view(), name="privacy-register"),
    path("donnees-personnelles/copie/<str:token>/", CopyView.as_view(), name="privacy-copy"),
    path("", include("news.page_urls")),
    path("recherche/", SiteSearchView.as_view(), name="search"),
    path("recherche/suggestions/", suggestions, name="search-suggestions"),
    path("audience/", include("audience.urls")),
    path("donnees/", include("rallynov.opendata.urls")),
    path("contact/ecrire/", contact.ContactView.as_view(), name="contact-form"),
    path("contact/envoye/", contact.ContactSentView.as_view(), name="contact-sent"),
    path("plan-du-site/", views.SiteMapView.as_view(), name="site-map"),
    path(f"motifs/{VERSION}/<slug:family>/<slug:seed>.svg", views.pattern, name="pattern"),
    path("photos/<uuid:uuid>.webp", media.picture, name="picture"),
    path("photos/<uuid:uuid>-<int:width>.<str:kind>", media.picture, name="picture-size"),
    path("compte/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("sante/", views.alive, name="alive"),
    path("sante/pret/", views.ready, name="ready"),
    path(
        "sitemap.xml",
        # It is dated: without this, a cache would guess how long to keep it.
        cache_control(no_cache=True)(sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]

if settings.EXAMPLE_MODE:
    urlpatterns.append(path("courrier/", mailbox.MailboxView.as_view(), name="mailbox"))

handler400 = "rallynov.errors.bad_request"
handler403 = "rallynov.errors.permission_denied"
handler404 = "rallynov.errors.not_found"
handler429 = "rallynov.errors.too_many_requests"
handler500 = "rallynov.errors.server_error"
