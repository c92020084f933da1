"""The events of the agenda, past ones included; nobody is named there but organisations."""

from django.db.models import Prefetch

from events.models import Event, EventOrganisation
from partners.models import Organisation
from rallynov.opendata.columns import (
    ADDRESS,
    BOOLEAN,
    INSTANT,
    INTEGER,
    LIST,
    TEXT,
    Column,
    address,
    attribute,
    names,
    place_columns,
)


def at_the_hour(name):
    """An instant of the event, if its hour is known."""

    def read(event):
        return getattr(event, name) if event.date_precision == Event.Precision.TIME else None

    return read


def organisations(role):
    return names(lambda event: event.organisations_as(role))


def whole(rows):
    links = EventOrganisation.objects.select_related("organisation")
    return rows.select_related("department", "commune").prefetch_related(
        Prefetch("organisation_links", links)
    )


def sources():
    events = Event.objects.published()
    links = EventOrganisation.objects.filter(event__in=events.values("pk"))
    return [events, links, Organisation.objects.filter(pk__in=links.values("organisation"))]


Role = EventOrganisation.Role

COLUMNS = [
    Column("identifiant", "Identifiant", TEXT, "La fin de l’adresse de la page ; unique.",
           "salon-2014", attribute("slug"), is_required=True),
    Column("adresse", "Adresse", ADDRESS, "La page de l’événement.",
           "https://exemple.fr/agenda/salon-2014/", address, is_required=True),
    Column("titre", "Titre", TEXT, "Son nom.", "Le salon des initiatives", attribute("title"),
           is_required=True),
    Column("nature", "Nature", TEXT, "Ce que c’est.", "salon", Event.get_kind_display,
           is_required=True, choices=tuple(Event.Kind.labels)),
    Column("resume", "Résumé", TEXT, "En une phrase.", "Deux jours pour se rencontrer.",
           attribute("summary")),
    Column("date", "Date", TEXT,
           "Ce que l’on en sait, à Paris : un jour, un mois (2014-05) ou une année (2014).",
           "2014-05", attribute("machine_date"), is_required=True),
    Column("debut", "Début", INSTANT, "Quand l’heure est connue.", "2026-03-03T14:00:00+01:00",
           at_the_hour("starts_at")),
    Column("fin", "Fin", INSTANT, "Quand elle est connue.", "2026-03-03T17:00:00+01:00",
           at_the_hour("ends_at")),
    Column("tenue", "Tenue", TEXT, "Prévu, reporté ou annulé.", "prévu", Event.get_status_display,
           is_required=True, choices=tuple(Event.Status.labels)),
    Column("lieu", "Lieu", TEXT, "Salle, adresse.", "Salle des fêtes", attribute("venue")),
    *place_columns(),
    Column("presence", "Notre présence", TEXT, "Pour un salon : un stand, une conférence…",
           "un stand", attribute("presence")),
    Column("personnes_presentes", "Personnes présentes", INTEGER, "Comptées le jour même.", "80",
           attribute("attendance")),
    Column("edition", "Édition", INTEGER, "L’année de l’édition des trophées, s’il s’y rattache.",
           "2014", attribute("edition_year")),
    Column("organisateurs", "Organisateurs", LIST, "Les organisations qui l’organisent.",
           "Association La Louche", organisations(Role.ORGANISER)),
    Column("hotes", "Hôtes", LIST, "Celles qui l’accueillent.", "Mairie de Vesoul",
           organisations(Role.HOST)),
    Column("partenaires", "Partenaires", LIST, "Celles qui le soutiennent.", "Fondation du Val",
           organisations(Role.PARTNER)),
    Column("participants", "Participants", LIST, "Celles qui y prennent part.",
           "Les Jardins du Plateau", organisations(Role.PARTICIPANT)),
    Column("exemple", "Exemple", BOOLEAN, "« oui » pour un événement fictif.", "non",
           attribute("is_example"), is_required=True),
]  # fmt: skip
