"""The mails of registrations: when they leave, what they know; `data/mails/` has their words."""

from dataclasses import replace
from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parent / "data" / "mails"

FIELDS = {
    field.name: field
    for field in [
        Field("evenement", "Le titre de l’événement.", "Une soirée pour parler d’argent"),
        Field("quand", "Le jour, et l’heure si on la sait.", "mardi 3 mars 2026 à 18 h"),
        Field("ou", "Le lieu.", "Café associatif, Lons-le-Saunier"),
        Field("rang", "Le rang dans la liste d’attente.", "3"),
        Field("etat", "La phrase qui dit si elle a une place, ou attend.",
              "Vous êtes sur la liste d’attente, au rang 3."),
        Field("limite", "Jusqu’à quand la place est gardée.",
              "jeudi 26 février 2026 à 9 h, heure de Paris"),
        Field("lien", "La page de l’inscription : le bouton du message.",
              "https://exemple.fr/agenda/inscription/…/", is_button=True),
        Field("mot", "Ce que l’équipe en dit.", "La salle a pris l’eau."),
        Field("avant", "La date d’abord annoncée.", "mardi 3 février 2026 à 18 h"),
        Field("page", "La page de l’événement.", "https://exemple.fr/agenda/…/", is_link=True),
        Field("calendrier", "Le rendez-vous, à ajouter à un agenda.",
              "https://exemple.fr/agenda/….ics", is_link=True),
        Field("contact", "L’adresse de la page de contact.", "https://exemple.fr/contact/",
              is_link=True),
    ]
}  # fmt: skip


def kind(key, label, when, names, required="lien"):
    """A `Kind`, whose fields are named as in `names` and `required`."""
    needed = required.split()
    all_names = dict.fromkeys(needed + names.split())
    fields = tuple(replace(FIELDS[name], is_required=name in needed) for name in all_names)
    return Kind(key, label, when, read_wording(TEXTS / f"{key}.txt"), fields)


PRACTICAL = "evenement quand ou page contact"

declare(
    kind("registration_confirmed", "Inscription confirmée",
         "Quand une personne a une place à un événement.", f"{PRACTICAL} calendrier"),
    kind("registration_waiting", "Liste d’attente",
         "Quand l’événement est complet et qu’une personne rejoint la liste.", PRACTICAL,
         "rang lien"),
    kind("registration_known", "Déjà inscrit",
         "Quand une adresse inscrite s’inscrit de nouveau, au plus une fois par jour.",
         f"{PRACTICAL} etat"),
    kind("registration_offered", "Place proposée",
         "Quand une place se libère, à la première personne de la liste d’attente.", PRACTICAL,
         "limite lien"),
    kind("registration_lapsed", "Place passée à d’autres",
         "Quand une place proposée n’a pas été prise à temps.", PRACTICAL, ""),
    kind("registration_cancelled", "Inscription annulée",
         "Quand une personne renonce, ou que l’équipe note qu’elle ne viendra pas.", PRACTICAL, ""),
    kind("registration_reminder", "Rappel d’un événement",
         "Deux jours avant, à qui a une place.", f"{PRACTICAL} calendrier"),
)  # fmt: skip

# What changes once people are registered: to all of them, those in line too.
CHANGED = "evenement ou etat page contact"

declare(
    kind("event_cancelled", "Événement annulé",
         "Quand l’équipe annule un événement, à qui s’y était inscrit.",
         "evenement quand page contact", "mot"),
    kind("event_postponed", "Événement reporté",
         "Quand l’équipe reporte un événement sans nouvelle date, à qui s’y était inscrit.",
         f"{CHANGED} avant", "mot lien"),
    kind("event_moved", "Événement à une autre date",
         "Quand l’équipe change la date d’un événement, à qui s’y était inscrit.",
         f"{CHANGED} avant calendrier", "quand mot lien"),
    kind("event_maintained", "Événement maintenu",
         "Quand un événement reporté ou annulé a lieu malgré tout, à qui s’y était inscrit.",
         f"{CHANGED} calendrier", "quand mot lien"),
)  # fmt: skip
