"""The mails of the trophies: when they leave, the fields they know; `data/mails/` has the texts."""

from dataclasses import replace
from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parent / "data" / "mails"

FIELDS = {
    field.name: field
    for field in [
        Field("projet", "Le nom du projet.", "Les mercredis de l’atelier"),
        Field("annee", "L’année de l’édition.", "2027"),
        Field("reference", "La référence de la candidature.", "2027-014"),
        Field("cloture", "La fin de l’appel, ou du délai personnel.",
              "vendredi 29 janvier 2027 à 23 h 59, heure de Paris"),
        Field("delai", "Le temps qui reste.", "moins de 48 heures"),
        Field("manque", "Ce qui n’est pas encore écrit, en liste.",
              "– La réponse\n– Comment cela vit"),
        Field("corrections", "La phrase qui dit jusqu’à quand corriger, tant que c’est possible.",
              "Vous pouvez encore corriger et déposer de nouveau jusqu’au vendredi 29 janvier 2027 "
              "à 23 h 59, heure de Paris : seul le dernier dépôt compte."),
        Field("numero", "Le numéro du dépôt.", "2"),
        Field("instant", "L’instant du dépôt.",
              "jeudi 28 janvier 2027 à 18 h 12, heure de Paris"),
        Field("empreinte", "L’empreinte SHA-256 du dépôt.", "3f5a9c" + "0" * 58),
        Field("motif", "Le motif, tel que l’équipe l’a écrit.",
              "L’action se déroule hors du territoire de l’édition."),
        Field("message", "Ce que l’équipe demande, tel qu’elle l’a écrit.",
              "Le budget de l’action, même sur une page."),
        Field("resultats", "La phrase qui dit la date des résultats, s’il y en a une.",
              "Les résultats seront connus le lundi 15 mars 2027 à 9 h."),
        Field("lettre", "La lettre du jury, telle que l’équipe l’a relue.",
              "Bonjour,\n\nLe jury a lu votre candidature avec attention…"),
        Field("personne", "Le nom de la personne.", "Camille Exemple"),
        Field("adresse", "Son adresse électronique.", "camille@exemple.fr"),
        Field("version", "Le numéro de la nouvelle version.", "2"),
        Field("lien", "L’adresse à ouvrir : le bouton du message.",
              "https://exemple.fr/mes-candidatures/…", is_button=True),
        Field("place", "Ce que la personne fera dans le jury.", "pour y lire et y décider"),
        Field("lectures", "La phrase qui dit les dates des lectures.",
              "Les lectures vont du lundi 8 février 2027 à 9 h au lundi 1er mars 2027 à 18 h, "
              "heure de Paris."),
        Field("acces", "La phrase qui dit comment entrer, selon que la personne a un mot de passe.",
              "Pour commencer, choisissez votre mot de passe. Ce lien est à vous seul, vaut trois "
              "jours et ne sert qu’une fois."),
        Field("oubli", "L’adresse où demander un lien pour choisir un mot de passe.",
              "https://exemple.fr/compte/mot-de-passe/oublie/", is_link=True),
        Field("fin", "La fin des lectures.", "lundi 1er mars 2027 à 18 h, heure de Paris"),
        Field("reste", "Combien de lectures restent à signer.", "3 lectures à signer"),
        Field("arret", "L’adresse où cesser d’être prévenu.",
              "https://exemple.fr/trophees/prevenir/…/arreter/", is_link=True),
        Field("fiche", "L’adresse où voir ce que dira la fiche.",
              "https://exemple.fr/mes-candidatures/…/fiche/", is_button=True),
        Field("temps", "Combien d’années ont passé depuis les résultats.", "un an"),
        Field("contact", "L’adresse de la page de contact.", "https://exemple.fr/contact/",
              is_link=True),
    ]
}  # fmt: skip

COMMON = "projet annee contact"


def kind(key, label, when, names, required="lien"):
    """A `Kind`, whose fields are named as in `names` and `required`."""
    needed = required.split()
    all_names = dict.fromkeys(needed + names.split())
    fields = tuple(replace(FIELDS[name], is_required=name in needed) for name in all_names)
    return Kind(key, label, when, read_wording(TEXTS / f"{key}.txt"), fields)


declare(
    kind("started", "Brouillon commencé", "Quand une personne commence une candidature.",
         f"{COMMON} cloture"),
    kind("reminder_complete", "Rappel, brouillon complet",
         "Sept jours, 48 heures et 6 heures avant la clôture, si rien n’est déposé.",
         f"{COMMON} delai", "cloture lien"),
    kind("reminder_incomplete", "Rappel, brouillon incomplet",
         "Sept jours, 48 heures et 6 heures avant la clôture, s’il reste à écrire.",
         f"{COMMON} delai", "manque cloture lien"),
    kind("receipt", "Reçu d’un dépôt", "À chaque dépôt.",
         f"{COMMON} corrections", "reference numero instant empreinte lien"),
    kind("deposited_for_you", "Dépôt par l’équipe", "Quand l’équipe dépose au nom d’un porteur.",
         f"{COMMON} corrections", "motif reference numero instant empreinte lien"),
    kind("invitation", "Invitation à écrire ensemble",
         "Quand un porteur invite quelqu’un par son adresse.",
         f"{COMMON} cloture", "personne adresse lien"),
    kind("joined", "Un porteur de plus", "Aux autres porteurs, quand une invitation est acceptée.",
         f"{COMMON} adresse lien", "personne"),
    kind("handed_over", "Candidature confiée à d’autres",
         "À l’ancien porteur, quand l’équipe confie sa candidature.",
         f"{COMMON} personne", "motif"),
    kind("entrusted", "Candidature reçue d’autres mains",
         "Au nouveau porteur, quand l’équipe lui confie une candidature.",
         f"{COMMON} cloture", "motif lien"),
    kind("extended", "Délai personnel", "Quand l’équipe repousse la clôture pour une candidature.",
         COMMON, "cloture motif lien"),
    kind("closed_deposited", "Clôture, candidature déposée", "Un peu après la clôture.",
         f"{COMMON} reference numero instant resultats lien", ""),
    kind("closed_draft", "Clôture, brouillon resté là", "Un peu après la clôture.",
         f"{COMMON} cloture lien", ""),
    kind("regulation", "Nouvelle version du règlement",
         "Après l’ouverture, à ceux qui ont commencé ou déposé.", "annee version contact"),
    kind("missing_piece", "Demande de pièce", "Quand l’équipe demande ce qui manque à un dépôt.",
         f"{COMMON} reference", "message lien"),
    kind("eligible", "Candidature recevable", "Quand l’équipe déclare une candidature recevable.",
         f"{COMMON} reference resultats lien", ""),
    kind("ineligible", "Candidature non recevable",
         "Quand l’équipe déclare une candidature non recevable.",
         f"{COMMON} reference lien", "motif"),
    kind("withdrawn", "Candidature retirée", "Quand une candidature est retirée.",
         f"{COMMON} reference lien", ""),
    kind("letter", "Lettre du jury", "À l’instant des résultats.", f"{COMMON} reference lien",
         "lettre"),
    kind("sheet_offered", "Fiche proposée à l’annuaire",
         "Après les résultats, quand un porteur sans prix propose la fiche de son projet.",
         COMMON, "fiche"),
    kind("call_alert_confirm", "Prochain appel, à confirmer",
         "Quand une adresse demande à être prévenue du prochain appel.", "contact"),
    kind("call_opened", "Appel ouvert", "À l’ouverture, aux adresses qui l’ont demandé.",
         "annee cloture contact", "lien arret"),
    kind("jury_invitation", "Invitation au jury",
         "Quand l’équipe invite une personne au jury, ou lui renvoie l’invitation.",
         "annee personne place lectures oubli contact", "acces lien"),
    kind("jury_opened", "Lectures ouvertes", "À l’ouverture des lectures, à chaque juré.",
         "annee contact", "fin lien"),
    kind("jury_reminder", "Rappel de lecture",
         "Quand l’équipe relance les jurés, au plus une fois par jour et par personne.",
         "annee contact", "reste fin lien"),
    kind("jury_last_days", "Derniers jours de lecture",
         "Trois jours avant la fin des lectures, à qui n’a pas tout signé.",
         "annee contact", "reste fin lien"),
    kind("second_round", "Second tour ouvert",
         "Quand l’équipe ouvre un second tour de lectures, à chaque juré.",
         "annee contact", "reste fin lien"),
    kind("laureate_news", "Nouvelles d’un lauréat",
         "Un, trois et cinq ans après les résultats, aux porteurs d’une candidature lauréate.",
         COMMON, "temps lien"),
)  # fmt: skip
