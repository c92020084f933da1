"""What is public, and since when: one comparison with the database's clock."""

from django.contrib import admin
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

EMBARGO_PERMISSION = "trophies.view_laureate"


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


class ResultsInstant(models.Func):
    """The instant when the results of the edition of a year come out, read from the edition.

    A function of the database (trophies/migrations): the apps below cannot name an edition.
    """

    function = "results_instant"
    output_field = models.DateTimeField()


def is_public(prefix=""):
    """The condition of `EmbargoedQuerySet.published()`, for the relation that `prefix` names."""
    year = f"{prefix}embargo_year"
    return Q(**{f"{year}__isnull": True, f"{prefix}published_at__lte": Now()}) | (
        Q(**{f"{year}__isnull": False, f"{prefix}published_at__isnull": False})
        & Q(LessThanOrEqual(ResultsInstant(F(year)), Now()))
    )


class EmbargoedQuerySet(PublishableQuerySet):
    def published(self):
        return self.filter(is_public())

    def visible_to(self, user):
        """For staff: what awaits the results would tell them, to the few who may know.

        Who has a tie with a file of an edition does not, of that edition.
        """
        may_know = Q(embargo_year__isnull=True)
        may_know |= Q(LessThanOrEqual(ResultsInstant("embargo_year"), Now()))
        if user.has_perm(EMBARGO_PERMISSION):
            ties = user.conflicts.in_force()
            may_know |= ~Q(embargo_year__in=ties.values("candidature__edition__year"))
        return self.filter(may_know)


class Embargoed(Publishable):
    """A row that may have to wait for the results of an edition, whatever their instant becomes."""

    embargo_year = models.PositiveSmallIntegerField(
        "paraît avec les résultats de",
        null=True,
        blank=True,
        editable=False,
    )

    objects = EmbargoedQuerySet.as_manager()

    class Meta:
        abstract = True


def visible_rows(rows, user):
    """The rows of a queryset that `user` may see, where its model has such a rule."""
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def free_slug(instance, text):
    """An address made of `text` that no other row of the model has."""
    model = type(instance)
    base = slugify(text)[:110].strip("-") or model._meta.model_name
    others = model.objects.exclude(pk=instance.pk).filter(slug__startswith=base)
    taken = set(others.values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(slug for slug in candidates if slug not in taken)


class PreviewMixin(PermissionRequiredMixin):
    """A staff address that shows a row as it will be, published or not; never kept by a cache."""

    extra_context = {"is_preview": True}

    def has_permission(self):
        return admin.site.has_permission(self.request) and super().has_permission()

    def get_permission_required(self):
        options = self.queryset.model._meta
        return [f"{options.app_label}.view_{options.model_name}"]

    def get_queryset(self):
        return visible_rows(super().get_queryset(), self.request.user)

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)
