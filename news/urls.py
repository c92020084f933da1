from django.urls import path
from django.views.decorators.cache import cache_control

from news import feeds, views

app_name = "news"

urlpatterns = [
    path("", views.NewsListView.as_view(), name="list"),
    path("flux.atom", cache_control(no_cache=True)(feeds.NewsFeed()), name="feed"),
    path("<slug:slug>/", views.NewsDetailView.as_view(), name="detail"),
    path("<slug:slug>/apercu/", views.NewsPreviewView.as_view(), name="preview"),
]
