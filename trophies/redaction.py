"""What an anonymous reading hides in a text: who the structure is, and its people.

Pure: no Django. Names are found as whole words, whatever their accents, their case, the signs
between their words and what is not seen (zero-width letters); the longest first. A shorter form of
a name (a structure without its legal form, one word of a person's name) may be a plain word too:
it is hidden only where the text gives it a capital.
"""

import re
import unicodedata
from dataclasses import dataclass

STRUCTURE, PERSON, ADDRESS = "[structure]", "[personne]", "[adresse]"

# An address, of a mail, a site or an account, and a telephone name the structure as surely as its
# name does.
ADDRESSES = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>()«»\"]*[^\s<>()«»\".,;:!?…]"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:fr|org|com|net|eu|coop|info|bzh|bio|io)\b(?:/[^\s<>()«»\"]*)?"
    r"|(?<!\w)@\w[\w.]{2,}\w"
    r"|(?<![\w+])(?:\+33[\s.-]?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)"
)
LEGAL_FORMS = re.compile(
    r"(?:(?:l'|la |le |les )?(?:association|asso|collectif|cooperative|fondation|entreprise"
    r"|societe|scic|scop|sarl|sas|sa|eurl|gie|commune|ville|mairie|communaute de communes"
    r"|communaute d'agglomeration|syndicat|college|lycee|ecole|ehpad|ccas|mjc))\s+"
    r"(?:(?:de la|de l'|des|du|de|d')\s*)?"
)
IN_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]")
SMALL_WORDS = {"aux", "dans", "den", "der", "des", "les", "par", "pour", "sur", "van", "von"}
SHORTEST = 2  # letters: a shorter name is none
SHORTEST_PART = 3


@dataclass(frozen=True)
class Name:
    words: str  # folded
    mark: str
    needs_capital: bool = False


def redacted(text: str, names: list[Name]) -> str:
    """`text` with a mark in the place of each address and of each of the `names`."""
    text = ADDRESSES.sub(ADDRESS, text)
    if not names:
        return text
    folded, origins = fold(text)
    marks = {name.words: name for name in reversed(names)}
    parts, end = [], 0
    for found in pattern_of(names).finditer(folded):
        name = marks[plain(found[0])]
        start = origins[found.start()]
        if start < end or (name.needs_capital and not text[start].isupper()):
            continue
        parts += [text[end:start], name.mark]
        end = origins[found.end() + closes(folded, found)]
    return "".join([*parts, text[end:]])


def closes(folded, found):
    """1 when a bracket that the name opens ends right after it."""
    return int("(" in found[0] and ")" not in found[0] and folded[found.end() :][:1] == ")")


def names_of(structures: list[str], people: list[str]) -> list[Name]:
    """Every form under which these `structures` and `people` may be named, longest first."""
    forms = [form for name in structures for form in forms_of_structure(name)]
    forms += [form for name in people for form in forms_of_person(name)]
    kept = {form.words: form for form in reversed(forms) if letters(form.words) >= SHORTEST}
    return sorted(kept.values(), key=lambda form: (-len(form.words), form.words))


def forms_of_structure(name):
    whole = plain(fold(name)[0])
    bare = IN_BRACKETS.sub("", name)
    yield Name(whole, STRUCTURE)
    yield Name(plain(fold(bare)[0]), STRUCTURE)
    yield Name(plain(LEGAL_FORMS.sub("", fold(bare)[0].strip(), count=1)), STRUCTURE, True)
    for inside in IN_BRACKETS.findall(name):
        if inside.isupper():  # an acronym
            yield Name(plain(fold(inside)[0]), STRUCTURE)


def forms_of_person(name):
    yield Name(plain(fold(name)[0]), PERSON)
    for part in name.split():
        words = plain(fold(part)[0])
        if letters(words) >= SHORTEST_PART and words not in SMALL_WORDS:
            yield Name(words, PERSON, True)


def pattern_of(names):
    one_of = "|".join(r"[\W_]+".join(map(re.escape, name.words.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{one_of})(?!\w)")


def fold(text):
    """`text` without case, accents and what is not seen; of each letter left, its origin.

    One origin more than letters: the end of the text.
    """
    letters_left, origins = [], []
    for index, letter in enumerate(text):
        for simple in unicodedata.normalize("NFKD", letter.casefold().replace("œ", "oe")):
            if unicodedata.category(simple) not in ("Mn", "Cf"):
                letters_left.append("'" if simple == "’" else simple)
                origins.append(index)
    return "".join(letters_left), [*origins, len(text)]


def plain(folded):
    """The words of a folded text, one space between two."""
    return " ".join(re.findall(r"[^\W_]+", folded))


def letters(words):
    return len(words.replace(" ", ""))
