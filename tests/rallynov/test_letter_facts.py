"""The site says all that the letter of January 2015 says, in words of its own."""

import hashlib
import re
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from rallynov.seed import archive
from tests.html import Html
from tests.rallynov.letter_facts import FACTS

# One hash for each run of eight words of the letter, whose text is not ours to publish here.
RUNS = set(Path(__file__).with_name("letter_runs.txt").read_text().split())
RUN_LENGTH = 8
# A name or a function cannot be told in other words.
NAMES_AND_FUNCTIONS = [
    "Réseau Innovation Franche-Comté",
    "Chambre régionale de l’économie sociale et solidaire",
    "Franche-Comté amélioration des conditions de travail",
    "Agence de développement et d’urbanisme de Montbéliard",
    "l’un des référents de la Commission européenne",
    "directeur de la Direccte Franche-Comté",
    "représentants de l’État et de la Région",
]
OURS = ["initiatives", "events", "news", "partners", "trophies"]


def normal(text):
    """Lower case, and every kind of space as one."""
    return " ".join(text.lower().split())


def says(page, words):
    return re.search(rf"(?<!\w){re.escape(normal(words))}(?!\w)", page) is not None


@pytest.fixture
def letter_content(db):
    archive.load(say=lambda line: None)


def test_every_fact_of_the_letter_is_on_the_site(client, letter_content):
    pages = {}
    for address in {address for _, address, _ in FACTS}:
        response = client.get(address)
        assert response.status_code == 200, address
        pages[address] = normal(Html(response.content.decode()).text("main"))
    missing = [fact for fact in FACTS if not says(pages[fact[1]], fact[2])]
    assert missing == []


def test_facts_are_many_and_distinct():
    assert len(FACTS) >= 200
    assert len({(address, words) for _, address, words in FACTS}) == len(FACTS)


def words_of(text):
    return re.findall(r"[^\W_]+", text.lower())


NAMES = "|".join(" ".join(words_of(name)) for name in NAMES_AND_FUNCTIONS)


def runs(text):
    """Every run of eight words within a block of the text, after its hash as the file has it."""
    for block in re.split(r"</?(?:p|h2|h3|ul|li)>", text):
        plain = " ".join(words_of(unescape(re.sub(r"<[^>]+>", " ", block))))
        for part in re.split(rf"\b(?:{NAMES})\b", plain):
            words = part.split()
            for start in range(len(words) - RUN_LENGTH + 1):
                run = " ".join(words[start : start + RUN_LENGTH])
                yield hashlib.sha256(run.encode()).hexdigest()[:12], run


def written():
    """Every text of every row, as `(model, field, text)`."""
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField)
            ]
            for row in model.objects.values(*names) if names else []:
                yield from ((model.__name__, name, row[name]) for name in names if row[name])


def test_no_sentence_of_the_letter_is_copied(letter_content):
    texts = list(written())
    assert {model for model, _, _ in texts} >= {"Page", "Condition", "Event", "Edition"}
    copied = [
        (model, field, run)
        for model, field, text in texts
        for digest, run in runs(str(text))
        if digest in RUNS
    ]
    assert copied == []


def test_a_copied_sentence_would_be_found():
    quoted = "<p>« C'est pour aider les <em>plus</em> démunis que »</p>"
    assert [digest in RUNS for digest, _ in runs(quoted)] == [True]
