"""The facts of the letter of January 2015 that the bilan of 2014 says in words of its own."""

from tests.rallynov.letter_facts import FACTS

SAID_OTHERWISE = {
    "candidatures": "14 candidatures déposées",
    "laureates": "4 lauréats",
    "amount of the prize": "2 000 € pour chaque lauréat",
    "initiatives on the site": "près de 80 initiatives franc-comtoises",
    "visitors": "3 000 visiteurs",
    "pages read": "13 000 pages",
    "meeting 1, year": "accueilli par Pays de Montbéliard Agglomération",
    "meeting 1, attendance": "Pays de Montbéliard Agglomération 60",
    "meeting 2, host": "Juratri à la seconde",
    "meeting 2, attendance": "accueilli par Juratri 70",
    "presence: information": "temps d’information, en tête-à-tête ou en groupe",
    "condition 2, its page": "entraîner ses collaborateurs",
    "condition 4, its page": "organiser la démarche",
    "element 2, whose": "celles d’individus, d’entreprises, d’organismes",
    "further condition 1": "orienter",
    "further condition 2": "organiser, stimuler",
    "further condition 3": "stimuler",
    "further condition 4": "coordonner",
    "fair 1, presence": "des stands, des conférences, des temps d’information",
    "fair 2, presence": "des stands, des conférences, des temps d’information",
    "fair 3, presence": "des stands, des conférences, des temps d’information",
    "fair 4, presence": "des stands, des conférences, des temps d’information",
    "Steven Dhondt, saying": "des audacieux à montrer",
    "Drive, where": "retirer ses courses à l’un des points prévus",
    "Drive, at home": "les recevoir chez soi",
}
REPORT_FACTS = [(fact, SAID_OTHERWISE.get(fact, words)) for fact, _, words in FACTS]
