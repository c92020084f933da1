"""Names in cells and in lists, compared as the search does: forgiving."""

import re

from django.db import connection

from rallynov.search import is_one_slip

SHORTEST_MENDED = 4
MOST_PROPOSED = 4
# A name that a list of names would cut in two.
CUT = re.compile(r"[|;\n\[\]]")


class Misread(Exception):
    """A cell says what cannot be understood; the message says why, in French."""


class Forms(dict):
    """Texts, and their words as the search reads them."""

    SQL = (
        "SELECT text, search_form(translate(text, '-‐‑‒', '    ')) FROM unnest(%s::text[]) AS text"
    )

    def learn(self, texts):
        missing = list({text for text in texts if text not in self})
        if missing:
            with connection.cursor() as cursor:
                cursor.execute(self.SQL, [missing])
                self.update(cursor.fetchall())

    def __missing__(self, text):
        self.learn([text])
        return self[text]

    def key(self, text):
        """The same for « co-voiturage », « Co voiturage » and « covoiturage »."""
        return self[text].replace(" ", "")


def is_slip(a, b):
    return min(len(a), len(b)) >= SHORTEST_MENDED and is_one_slip(a, b)


def any_of(words):
    words = list(words)
    more = ["d’autres"] if len(words) > MOST_PROPOSED else []
    return " ou ".join([*words[:MOST_PROPOSED], *more])


class Choices:
    """A closed list, whose rows are named in words or by their code."""

    def __init__(self, forms, rows):
        """`rows`: triples of a code, what people call it, and the row."""
        self.forms = forms
        self.by_code = {code.lower(): row for code, _, row in rows}
        self.by_label, self.by_key, self.names = {}, {}, {}
        forms.learn([label for _, label, _ in rows])
        for code, label, row in rows:
            self.by_label.setdefault(label, []).append(row)
            self.by_key.setdefault(forms.key(label), []).append(row)
            self.names[code] = label

    def found(self, text):
        """The rows that `text` names: one, several when it is not clear, or none."""
        if text in self.by_label:
            return self.by_label[text]
        if text.lower() in self.by_code:
            return [self.by_code[text.lower()]]
        key = self.forms.key(text)
        return self.by_key.get(key) or self.slipped(key)

    def slipped(self, key):
        return [row for known, rows in self.by_key.items() if is_slip(key, known) for row in rows]

    def the(self, text):
        found = self.found(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise Misread(f"« {text} » peut vouloir dire {any_of(map(str, found))}.")
        raise Misread(f"« {text} » n’existe pas. Il y a : {', '.join(self.by_label)}.")

    def name_of(self, code):
        """What `the()` reads back as the row of this code."""
        label = self.names[code]
        is_clear = not CUT.search(label) and self.found(label) == [self.by_code[code.lower()]]
        return label if is_clear else code
