"""What a candidature is asked: one list for the form, the check, the receipt and the reading.

A question is a column of `Candidature` of the same name, and an entry of a deposit's `answers`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    name: str
    title: str  # as a heading of the file that the jury reads
    help: str  # as a question to the project holder
    limit: int  # in characters


QUESTIONS = [
    Question("need", "Le besoin", "Ce qui manquait, à qui, et comment vous le savez.", 2500),
    Question("response", "La réponse", "Ce que vous faites, concrètement, et depuis quand.", 2500),
    Question(
        "people",
        "Les personnes associées",
        "Qui a décidé, essayé, corrigé avec vous ; la place de celles et ceux que cela concerne.",
        2500,
    ),
    Question(
        "effects", "Les effets", "Ce qui a changé, y compris ce que vous n’attendiez pas.", 2500
    ),
    Question(
        "risks",
        "Ce qui a été essayé, et risqué",
        "Ce que vous avez tenté sans savoir si cela marcherait ; ce qui n’a pas marché.",
        2500,
    ),
    Question(
        "spread",
        "Ce qui peut être repris ailleurs",
        "Ce que d’autres pourraient reprendre, et ce qu’il leur faudrait.",
        2500,
    ),
    Question(
        "viability",
        "Comment cela vit",
        "Les recettes, les aides, le temps donné : ce qui permet de durer.",
        2500,
    ),
]
