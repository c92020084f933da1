"""Plain functions that make one valid row; every field can be changed by keyword."""

import io
from datetime import timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from events.models import Event, EventDocument, EventPhoto, ImageAuthorisation, Registration
from initiatives.models import (
    Condition,
    Contribution,
    Initiative,
    InitiativeTheme,
    Photo,
    SheetHolder,
    Support,
    Theme,
)
from news.models import NewsItem, NewsPhoto, Page
from partners.models import Organisation, Partnership
from places.models import Commune
from rallynov import pictures
from rallynov.picture_sizes import copy_name
from trophies import services
from trophies.consent import PUBLISHABLE
from trophies.models import (
    AnnualReport,
    Candidature,
    Criterion,
    Edition,
    EditionFigure,
    JuryMember,
    Laureate,
    Prize,
    Regulation,
)
from trophies.questions import QUESTIONS

PASSWORD = "un mot de passe d’essai"

numbers, years = count(1), count(1)


def ago(**delta):
    return timezone.now() - timedelta(**delta)


def ahead(**delta):
    return timezone.now() + timedelta(**delta)


def make_user(**changes):
    fields = {"email": f"personne{next(numbers)}@rallynov.example", "password": PASSWORD}
    return User.objects.create_user(**fields | changes)


def make_theme(**changes):
    number = next(numbers)
    fields = {"name": f"Thème {number}", "slug": f"theme-{number}", "pattern": "mobilite"}
    return Theme.objects.create(**fields | changes)


def make_condition(**changes):
    number = next(numbers)
    fields = {"title": f"Condition {number}", "slug": f"condition-{number}", "scope": "enterprise"}
    return Condition.objects.create(**fields | changes)


def make_organisation(**changes):
    number = next(numbers)
    fields = {"name": f"Organisation {number}", "slug": f"organisation-{number}"}
    return Organisation.objects.create(**fields | changes)


def make_partnership(**changes):
    fields = {"year": 2026, "kind": Partnership.Kind.PILOT}
    if "organisation" not in changes:
        fields["organisation"] = make_organisation()
    return Partnership.objects.create(**fields | changes)


def make_initiative(*, themes=(), holder=None, **changes):
    number = next(numbers)
    fields = {
        "title": f"Initiative {number}",
        "slug": f"initiative-{number}",
        "summary": f"Ce que fait l’initiative {number}.",
        "published_at": ago(days=1),
    }
    initiative = Initiative.objects.create(**fields | changes)
    for position, theme in enumerate(themes):
        InitiativeTheme.objects.create(initiative=initiative, theme=theme, position=position)
    if holder:
        Support.objects.create(initiative=initiative, organisation=holder, role=Support.Role.HOLDER)
    return initiative


def make_event(**changes):
    number = next(numbers)
    fields = {
        "title": f"Rencontre {number}",
        "slug": f"rencontre-{number}",
        "kind": Event.Kind.MEETING,
        "starts_at": ahead(days=10),
        "published_at": ago(days=1),
    }
    return Event.objects.create(**fields | changes)


def make_news_item(**changes):
    number = next(numbers)
    fields = {
        "title": f"Nouvelle {number}",
        "slug": f"nouvelle-{number}",
        "summary": f"Chapeau {number}.",
        "body": f"<p>Texte {number}.</p>",
        "published_at": ago(days=1),
    }
    return NewsItem.objects.create(**fields | changes)


def make_page(**changes):
    title = f"Page {next(numbers)}"
    fields = {"key": Page.Key.ABOUT, "title": title, "body": "<p>Son texte.</p>"}
    return Page.objects.update_or_create(
        key=(fields | changes).pop("key"), defaults=fields | changes
    )[0]


def make_edition(**changes):
    """An edition open to candidatures."""
    fields = {
        "year": 2055 + next(years) % 44,  # no test names one of these
        "published_at": ago(days=60),
        "opens_at": ago(days=30),
        "closes_at": ahead(days=30),
        "jury_opens_at": ahead(days=40),
        "jury_closes_at": ahead(days=70),
        "results_published_at": ahead(days=90),
    }
    return Edition.objects.create(**fields | changes)


def make_archive(**changes):
    """A past edition, known by its results alone."""
    no_dates = dict.fromkeys(["opens_at", "closes_at", "jury_opens_at", "jury_closes_at"])
    return make_edition(**no_dates | {"results_published_at": ago(days=400)} | changes)


def make_figure(**changes):
    fields = {"key": f"chiffre-{next(numbers)}", "label": "visiteurs", "value": 3000}
    return EditionFigure.objects.create(**fields | {"source": "Lettre de janvier"} | changes)


def make_regulation(**changes):
    fields = {"version": 1, "text": "<p>Article premier.</p>"}
    return Regulation.objects.create(**fields | changes)


def make_prize(**changes):
    fields = {"name": f"Prix {next(numbers)}", "amount": 2000, "quantity": 4}
    if "edition" not in changes:
        fields["edition"] = make_archive()
    return Prize.objects.create(**fields | changes)


def make_laureate(**changes):
    prize = changes.pop("prize", None) or make_prize()
    fields = {"prize": prize, "place": prize.laureates.count() + 1}
    if "initiative" not in changes:
        fields["initiative"] = make_initiative()
    return Laureate.objects.create(**fields | changes)


def make_report(**changes):
    """The letter of a past edition, published and not frozen."""
    fields = {"published_at": ago(days=1)}
    if "edition" not in changes:
        fields["edition"] = make_archive()
    return AnnualReport.objects.create(**fields | changes)


def picture_file(*, format="PNG", size=(80, 60), color="#155247"):
    """The bytes of a real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, format)
    return buffer.getvalue()


PHOTOS = {Initiative: (Photo, "initiative"), NewsItem: (NewsPhoto, "news_item")}
PHOTOS[Event] = (EventPhoto, "event")


def make_photo(parent, **changes):
    """A photo of an initiative, of a news item or of an event."""
    model, link = PHOTOS[type(parent)]
    image = pictures.prepare(ContentFile(picture_file(), name="photo.png"))
    fields = {"image": image, "alt": "Un atelier", "credit": "Dessin : Rally’nov", link: parent}
    return model.objects.create(**fields | changes)


def make_copy(photo, width):
    """A smaller copy of a picture, as the worker leaves it: its address."""
    content = ContentFile(picture_file(format="WEBP", size=(width, width)))
    photo.image.storage.save(copy_name(photo.image.name, width, "webp"), content)
    photo.sizes = [*photo.sizes, width]
    photo.save(update_fields=["sizes"])
    return photo.get_copy_url(width, "webp")


def make_authorisation(photo, **changes):
    """What a person allows of a photo, for a year more."""
    fields = {"person": "Camille Exemple", "signed_on": day(-30), "expires_on": day(335)}
    return ImageAuthorisation.objects.create(photo=photo, **fields | changes)


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make_document(event, **changes):
    fields = {"title": "Programme", "file": ContentFile(PDF, name="programme.pdf")}
    return EventDocument.objects.create(event=event, **fields | changes)


def make_registration(event, **changes):
    """Somebody who has a place."""
    number = next(numbers)
    fields = {
        "name": f"Personne {number}",
        "email": f"inscrit{number}@rallynov.example",
        "status": Registration.Status.CONFIRMED,
    }
    return Registration.objects.create(event=event, **fields | changes)


def make_contribution(**changes):
    """An initiative that somebody proposes."""
    number = next(numbers)
    fields = {
        "kind": Contribution.Kind.PROPOSAL,
        "values": {"title": f"Proposée {number}", "summary": f"Ce que fait la {number}."},
        "email": f"propose{number}@rallynov.example",
    }
    return Contribution.objects.create(**fields | changes)


def make_sheet_holder(initiative=None, **changes):
    fields = {"initiative": initiative or make_initiative()}
    if "user" not in changes:
        fields["user"] = make_user()
    return SheetHolder.objects.create(**fields | changes)


def make_commune(**changes):
    """Any commune of the four departments: migrations load them all."""
    return Commune.objects.filter(**changes).order_by("code").first()


def make_candidature(*, holder=None, themes=(), **changes):
    """A complete draft, ready to be deposited."""
    number = next(numbers)
    fields = {
        "title": f"Projet {number}",
        "summary": f"Ce que fait le projet {number}.",
        "organisation_name": f"Structure {number} (exemple)",
        "commune": make_commune(),
        "publishable": list(PUBLISHABLE),
    } | {question.name: f"{question.title} : réponse {number}." for question in QUESTIONS}
    if "edition" not in changes:
        fields["edition"] = make_edition()
    candidature = Candidature.objects.create(**fields | changes)
    candidature.holders.add(holder or make_user())
    candidature.themes.set(themes or [make_theme()])
    return candidature


def make_deposited(**changes):
    """A candidature deposited while its call was open, whatever the edition's dates are now."""
    candidature = make_candidature(**changes)
    edition = candidature.edition
    services.deposit(
        candidature=candidature,
        by=candidature.holders.get(),
        received_at=edition.opens_at + timedelta(hours=1),
    )
    return Candidature.objects.get(pk=candidature.pk)


def make_eligible(**changes):
    candidature = make_deposited(**changes)
    return services.change_status(candidature, "accept", by=make_user(roles=[Role.TEAM]))


def make_reading_edition(**changes):
    """An edition in front of its jury."""
    fields = {
        "opens_at": ago(days=60),
        "closes_at": ago(days=30),
        "jury_opens_at": ago(days=10),
        "jury_closes_at": ahead(days=10),
        "results_published_at": ahead(days=20),
    }
    return make_edition(**fields | changes)


def end_readings(edition):
    """The same edition, deliberating."""
    edition.jury_closes_at = ago(minutes=5)
    edition.save()


def publish_results(edition, at=None):
    """Move the readings' end and the results' instant, as the rows' dates and not the clock."""
    edition.jury_closes_at = ago(minutes=5)
    edition.results_published_at = at or ago(seconds=1)
    edition.save()


def make_criterion(**changes):
    fields = {
        "label": f"Critère {next(numbers)}",
        "weight": 20,
        "levels": [f"niveau {level}" for level in range(5)],
    }
    return Criterion.objects.create(**fields | changes)


def make_jury_member(**changes):
    """A juror with the role, the readings that everyone has, and no tie left to declare."""
    fields = {"declared_at": ahead(days=300)}
    if "user" not in changes:
        fields["user"] = make_user(roles=[Role.JURY])
    if "edition" not in changes:
        fields["edition"] = make_reading_edition()
    member = JuryMember.objects.create(**fields | changes)
    services.appoint(member)
    return member


def make_evaluation(assignment, levels, *, is_signed=True, **comments):
    """`levels`: one per criterion of the edition, in their order; None is « sans objet »."""
    criteria = assignment.candidature.edition.criteria.all()
    fields = {"comment_for_jury": "", "comment_for_candidate": ""} | comments
    scores = dict(zip(criteria, levels, strict=True))
    evaluation = services.save_evaluation(assignment, levels=scores, **fields)
    return services.sign(assignment) if is_signed else evaluation
