"""Questions, and the sheets that must answer, best first."""

import re
import unicodedata

import pytest
from django.db import connection

from events.models import Event
from initiatives.models import Initiative, Support
from places.models import Commune
from rallynov import search
from rallynov.search import is_one_slip, tokens_answering, understand
from tests.factories import (
    ahead,
    make_edition,
    make_event,
    make_initiative,
    make_organisation,
    make_theme,
)
from tests.initiatives.asking import titles

# title, summary, commune
SHEETS = [
    ("Covoiturage du plateau", "Des trajets partagés vers Maîche.", "25356"),
    ("Le bus des aidants", "Une halte pour souffler, chaque semaine.", "70550"),
    ("Co-construire l’école", "Des parents et des enfants dessinent la cour.", "39478"),
    ("L’eau vive", "Une rivière suivie par ses riverains.", "39497"),
    ("Courses solidaires", "Un caddie pour deux.", "90010"),
    ("Cours du soir", "Apprendre à tout âge.", "25056"),
    ("Les mains vertes", "On y fait ses courses au jardin, et de l’épicerie.", "70310"),
    ("Cœur d’usine", "Les œufs d’or de l’atelier : des travaux partagés.", "25388"),
    ("Un vélo pour tous", "Réparer, prêter, rouler.", "39300"),
]


@pytest.fixture
def _sheets(db):
    for title, summary, commune in SHEETS:
        make_initiative(
            title=title, summary=summary, commune=Commune.objects.get(pk=commune),
        )  # fmt: skip


ANSWERS = [
    # accents, case, ligatures
    ("velo", ["Un vélo pour tous"]),
    ("VÉLO", ["Un vélo pour tous"]),
    ("coeur", ["Cœur d’usine", "L’eau vive"]),
    ("cœur", ["Cœur d’usine", "L’eau vive"]),
    ("oeufs", ["Cœur d’usine"]),
    # apostrophes, articles
    ("l’eau", ["L’eau vive"]),
    ("l'eau", ["L’eau vive"]),
    ("eau", ["L’eau vive"]),
    ("école", ["Co-construire l’école"]),
    ("d'usine", ["Cœur d’usine"]),
    ("les mains", ["Les mains vertes"]),
    # hyphens
    ("co-voiturage", ["Covoiturage du plateau"]),
    ("co voiturage", ["Covoiturage du plateau"]),
    ("covoiturage", ["Covoiturage du plateau"]),
    ("coconstruire", ["Co-construire l’école"]),
    ("co construire", ["Co-construire l’école"]),
    ("bus-des-aidants", ["Le bus des aidants"]),
    # Saint, communes, intercommunalities, departments
    ("saint claude", ["Co-construire l’école"]),
    ("St-Claude", ["Co-construire l’école"]),
    ("ST CLAUDE", ["Co-construire l’école"]),
    ("Maiche", ["Covoiturage du plateau"]),
    ("lons le saunier", ["Un vélo pour tous"]),
    ("besancon", ["Cours du soir"]),
    ("Grand Besançon", ["Cours du soir"]),
    ("territoire de belfort", ["Courses solidaires"]),
    # plural and singular
    ("vélos", ["Un vélo pour tous"]),
    ("aidant", ["Le bus des aidants"]),
    ("travail partagé", ["Cœur d’usine"]),
    ("œuf", ["Cœur d’usine"]),
    ("rivières", ["L’eau vive"]),
    # exact over stem, title over body
    ("cours", ["Cours du soir", "Co-construire l’école"]),
    ("cour", ["Co-construire l’école", "Cours du soir"]),
    ("courses", ["Courses solidaires", "Les mains vertes"]),
    ("course", ["Courses solidaires", "Les mains vertes"]),
    # several words, in any order and place
    ("plateau covoiturage", ["Covoiturage du plateau"]),
    ("trajets Maîche", ["Covoiturage du plateau"]),
    ("aidants vesoul", ["Le bus des aidants"]),
    ("aidants dole", []),
    ("zzzz", []),
]


@pytest.mark.usefixtures("_sheets")
@pytest.mark.parametrize(("question", "expected"), ANSWERS)
def test_question_finds_its_sheets(question, expected):
    assert titles(question) == (expected, [])


# question, what is searched instead, the sheets
MENDED = [
    ("covoturage", "covoiturage", ["Covoiturage du plateau"]),  # a letter less
    ("covoiiturage", "covoiturage", ["Covoiturage du plateau"]),  # more
    ("covoityrage", "covoiturage", ["Covoiturage du plateau"]),  # other
    ("covoitruage", "covoiturage", ["Covoiturage du plateau"]),  # two swapped
    ("vesuol", "vesoul", ["Le bus des aidants"]),
    ("bezançon", "besancon", ["Cours du soir"]),
    ("épicrie", "epicerie", ["Les mains vertes"]),
    ("covoit", "covoiturage", ["Covoiturage du plateau"]),  # a beginning
]


@pytest.mark.usefixtures("_sheets")
@pytest.mark.parametrize(("question", "instead", "expected"), MENDED)
def test_typing_error_is_mended_and_said(question, instead, expected):
    found, guesses = titles(question)
    assert found == expected
    assert [words for _, words in guesses] == [[instead]]


@pytest.mark.usefixtures("_sheets")
def test_typing_error_beside_a_right_word_is_mended():
    found, guesses = titles("aidnats vesoul")
    assert found == ["Le bus des aidants"]
    assert guesses == [("aidnats", ["aidants"])]


@pytest.mark.usefixtures("_sheets")
def test_question_that_finds_something_is_never_mended():
    make_initiative(title="Le cour carré")
    assert titles("cour")[1] == []


@pytest.mark.usefixtures("_sheets")
@pytest.mark.parametrize("hidden", ["draft", "scheduled", "embargoed"])
def test_words_that_the_public_cannot_read_are_never_proposed(hidden):
    states = {
        "draft": {"published_at": None},
        "scheduled": {"published_at": ahead(days=1)},
        "embargoed": {"embargo_year": make_edition().year},
    }
    sheet = make_initiative(title="Quincampoix", **states[hidden])
    assert titles("quincampoix") == ([], [])
    assert titles("quincampiox") == ([], [])
    Initiative.objects.filter(pk=sheet.pk).update(
        published_at=make_initiative().published_at, embargo_year=None
    )
    assert titles("quincampiox") == (["Quincampoix"], [("quincampiox", ["quincampoix"])])


# What feeds the search text, whoever writes it ---------------------------------------------------


def write(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_search_follows_every_table_that_feeds_it(db):
    theme, holder = make_theme(name="Menuiserie"), make_organisation(name="Les Copeaux")
    sheet = make_initiative(title="Planches", themes=[theme], holder=holder)
    assert titles("menuiserie")[0] == titles("copeaux")[0] == ["Planches"]
    write("UPDATE initiatives_theme SET name = 'Ébénisterie' WHERE id = %s", theme.pk)
    write("UPDATE partners_organisation SET short_name = 'Varlope' WHERE id = %s", holder.pk)
    write("UPDATE initiatives_initiative SET commune_id = '25056', department_id = '25'")
    write("UPDATE places_epci SET name = 'Pays de Cocagne' WHERE code = (SELECT epci_id FROM "
          "places_commune WHERE code = '25056')")  # fmt: skip
    for question in ["ebenisterie", "varlope", "besancon", "cocagne", "doubs"]:
        assert titles(question)[0] == ["Planches"], question
    assert titles("menuiserie")[0] == []
    Support.objects.filter(initiative=sheet).delete()
    write("DELETE FROM initiatives_initiativetheme")
    assert titles("varlope")[0] == titles("ebenisterie")[0] == []


def test_support_moved_to_another_sheet_is_followed_on_both(db):
    holder = make_organisation(name="Les Copeaux")
    make_initiative(title="Planches", holder=holder)
    other = make_initiative(title="Tréteaux")
    write("UPDATE initiatives_support SET initiative_id = %s", other.pk)
    assert titles("copeaux")[0] == ["Tréteaux"]


def words():
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM search_word")
        return {row[0] for row in cursor.fetchall()}


def test_words_that_no_row_holds_any_more_are_forgotten(db):
    sheet = make_initiative(title="Quincampoix", need="Un rebouteux.")
    make_event(title="Fricassée")
    assert {"quincampoix", "rebouteux", "fricassee"} <= words()
    Initiative.objects.filter(pk=sheet.pk).update(need="")
    for part in range(3):
        search.forget_lost_words(
            [Initiative.objects.all(), Event.objects.all()], part=part, parts=3
        )
    assert {"quincampoix", "fricassee"} <= words()
    assert "rebouteux" not in words()


def test_question_of_many_known_words_mends_the_wrong_one(db):
    make_initiative(title="Le", summary="un deux trois quatre cinq six sept huit chapitre")
    found, guesses = titles("deux trois quatre cinq sept huit chaptire")
    assert found == ["Le"]
    assert guesses == [("chaptire", ["chapitre"])]


# Every commune of the four departments -----------------------------------------------------------


def plain(name):
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


WAYS = {
    "as it is": lambda name: name,
    "without accents, in capitals": lambda name: plain(name).upper(),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "without hyphens": lambda name: name.replace("-", " "),
    "with the other hyphen": lambda name: name.replace("-", "\u2011"),
    "with the typewriter's apostrophe": lambda name: name.replace("’", "'"),
    "with St for Saint": lambda name: re.sub(r"\bSaint(e?)\b", r"St\1", name),
    "without ligatures": lambda name: name.replace("œ", "oe").replace("Œ", "OE"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_commune_is_found_however_it_is_written(db, way):
    names = list(Commune.objects.values_list("name", flat=True))
    assert len(names) == 1692
    pairs = [(name, WAYS[way](name)) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, typed FROM unnest(%s::text[], %s::text[]) AS pair(name, typed) "
            "WHERE ARRAY(SELECT word FROM search_words(name)) "
            "   <> ARRAY(SELECT word FROM search_words(typed))",
            [[name for name, _ in pairs], [typed for _, typed in pairs]],
        )
        assert cursor.fetchall() == []


def test_every_commune_in_one_word_is_found(db):
    """« Arcetsenans »: a compound is kept in one word as well."""
    names = [name for name in Commune.objects.values_list("name", flat=True) if "-" in name]
    assert len(names) > 500
    compounds = [name for name in names if "’" not in name and " " not in name]
    joined = [name.replace("-", "") for name in compounds]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[], %s::text[]) AS pair(name, typed) "
            "WHERE NOT search_form(typed) = ANY(string_to_array(search_form(name), ' '))",
            [compounds, joined],
        )
        assert cursor.fetchall() == []


# The parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("vesoul", "vesoul", True),
        ("vesoul", "vesou", True),
        ("vesoul", "vessoul", True),
        ("vesoul", "vesuol", True),
        ("vesoul", "vexoul", True),
        ("vesoul", "xesoul", True),
        ("vesoul", "vesouls", True),
        ("vesoul", "vsoulx", False),
        ("vesoul", "veslou", False),
        ("ab", "ba", True),
        ("abcd", "badc", False),
    ],
)
def test_slip_is_one_letter_or_two_swapped(a, b, expected):
    assert is_one_slip(a, b) is is_one_slip(b, a) is expected


def slips(word):
    letters = "ax"
    for place in range(len(word) + 1):
        yield word[:place] + word[place + 1 :]
        yield from (word[:place] + letter + word[place:] for letter in letters)
        yield from (word[:place] + letter + word[place + 1 :] for letter in letters)
        yield word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


def test_slips_always_share_a_form(db):
    words = ["vesoul", "besancon", "aax", "covoiturage", "mas"]
    pairs = [(word, slip) for word in words for slip in slips(word) if slip]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, slip FROM unnest(%s::text[], %s::text[]) AS pair(word, slip) "
            "WHERE NOT search_slips(word) && search_slips(slip)",
            [[word for word, _ in pairs], [slip for _, slip in pairs]],
        )
        assert cursor.fetchall() == []
    assert all(is_one_slip(word, slip) for word, slip in pairs)


@pytest.mark.usefixtures("_sheets")
@pytest.mark.parametrize("text", ["", "  ", "’’", "!!! ?", "\u202f", "-", "& | !", ":*", "'; --"])
def test_text_that_asks_nothing_is_no_error(text):
    found, guesses = titles(text)
    assert guesses == []
    assert len(found) in (0, len(SHEETS))


def test_question_is_bounded(db):
    assert len(understand("mot " * 5000).words) <= search.MOST_WORDS


def test_empty_words_alone_are_searched(db):
    make_initiative(title="Les uns, les autres")
    assert titles("les")[0] == ["Les uns, les autres"]


def test_words_found_are_marked_as_they_are_written(db):
    texts = ["L’Épicerie des épiceries", "Rien d’autre", "St-Claude à vélo"]
    assert tokens_answering(understand("epicerie"), texts) == {"L’Épicerie", "épiceries"}
    assert tokens_answering(understand("saint claude"), texts) == {"St-Claude"}
    assert tokens_answering(understand("oeuvre"), ["L’Œuvre, une ŒUVRE"]) == {"L’Œuvre", "ŒUVRE"}
    assert tokens_answering(understand("eleve"), ["ÉLÈVES et e\u0301leve"]) >= {"ÉLÈVES"}
    assert tokens_answering(understand("covoiturage"), ["Co‑voiturage"]) == {"Co‑voiturage"}
    assert tokens_answering(understand("co voiturage"), ["covoiturages"]) == {"covoiturages"}
    assert tokens_answering(understand(""), texts) == frozenset()
