"""What is public, and since when: one comparison with the database's clock."""

from django.contrib import admin
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class PublishableQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__lte=Now())


class Publishable(models.Model):
    """A row that a person publishes: now, later, or not yet."""

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        SCHEDULED = "scheduled", "programmé"
        PUBLISHED = "published", "publié"

    published_at = models.DateTimeField(
        "publication",
        null=True,
        blank=True,
        db_index=True,
        help_text="Vide : brouillon. À venir : programmé. Passé : en ligne.",
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def publication_state(self):
        if self.published_at is None:
            return self.State.DRAFT
        if self.published_at > timezone.now():
            return self.State.SCHEDULED
        return self.State.PUBLISHED

    def get_preview_url(self):
        """The staff address that shows the row before its time."""
        return f"{self.get_absolute_url()}apercu/"


class PreviewMixin(PermissionRequiredMixin):
    """A staff address that shows a row as it will be, published or not; never kept by a cache."""

    extra_context = {"is_preview": True}

    def has_permission(self):
        return admin.site.has_permission(self.request) and super().has_permission()

    def get_permission_required(self):
        options = self.queryset.model._meta
        return [f"{options.app_label}.view_{options.model_name}"]

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)
