"""What ties a person to a file: the signs of a possible conflict of interest."""

# Strongest first. The keys are stored; the words are for the team.
SIGNS = {
    "same_person": "même personne",
    "holder": "porte le projet",
    "organisation": "même structure",
    "mandate": "mandat dans la structure",
    "funder": "a financé un prix du projet",
    "partner": "partenaire ou financeur du projet",
    "email_domain": "même domaine de messagerie",
    "commune": "même commune",
}
# Alone, it hides nothing: the team looks at it.
WEAK = "commune"
