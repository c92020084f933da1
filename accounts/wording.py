"""Texts with named fields, as « Bonjour {prenom} »: checked when saved, filled when sent.

A field is replaced by words and nothing else: what people typed is never read again, so that
braces, templates or markup in it come out as they were typed.
"""

import re

FIELD = re.compile(r"\{([^{}\n]*)\}")
BRACE = re.compile(r"[{}]")


def named(names):
    """« {projet}, {lien} »"""
    return ", ".join(f"{{{name}}}" for name in names)


def faults(text, *, known, required=()):
    """What keeps `text` from being used, in French sentences; empty when it may be saved."""
    found = FIELD.findall(text)
    return [
        *brace_faults(text),
        *(unknown_fault(name, known) for name in dict.fromkeys(found) if name not in known),
        *(
            f"Il manque {{{name}}} : ce courriel ne peut pas s’en passer."
            for name in required
            if name not in found
        ),
    ]


def unknown_fault(name, known):
    possible = f"les champs possibles sont {named(known)}" if known else "il n’a aucun champ"
    return f"{{{name}}} n’existe pas dans ce texte : {possible}."


def brace_faults(text):
    rest = FIELD.sub(lambda match: " " * len(match[0]), text)
    for match in BRACE.finditer(rest):
        what = "ouverte n’est pas fermée" if match[0] == "{" else "fermée n’est pas ouverte"
        yield f"Une accolade {what}, près de « {near(text, match.start())} »."


def near(text, at):
    """A few words of the line, around the character `at`."""
    before = text[:at].rpartition("\n")[2].split(" ")[-3:]
    after = text[at:].partition("\n")[0].split(" ")[:3]
    return f"{' '.join(before)}{' '.join(after)}"[:60].strip()


def parts_of(line, values):
    """[(name of the field, or "" for plain words, words)] of a line."""
    pieces = FIELD.split(line)  # plain, name, plain, name, …
    return [
        (piece, values[piece]) if index % 2 else ("", piece)
        for index, piece in enumerate(pieces)
        if piece
    ]


def filled_lines(text, values):
    """The lines of a text once filled, each as `parts_of` gives it.

    A line of which nothing is left once its fields are empty goes; a field of several lines makes
    several.
    """
    for line in text.replace("\r\n", "\n").split("\n"):
        parts = parts_of(line, values)
        is_left = any(words.strip() for _, words in parts)
        if is_left or not any(name for name, _ in parts):
            yield from broken(parts)


def broken(parts):
    """The same parts, in as many lines as their words make."""
    line = []
    for name, words in parts:
        first, *others = words.replace("\r\n", "\n").split("\n")
        line.append((name, first))
        for other in others:
            yield line
            line = [(name, other)]
    yield line


def filled(text, values):
    """The text as it is sent, never with two blank lines in a row."""
    lines = ("".join(words for _, words in line) for line in filled_lines(text, values))
    return re.sub(r"\n\s*\n\s*?(?=\n)", "\n", "\n".join(lines)).strip("\n") + "\n"
