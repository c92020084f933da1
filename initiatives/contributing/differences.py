"""Two texts side by side: which words one has and the other has not."""

import re
from difflib import SequenceMatcher
from itertools import groupby

# A word, and the blanks after it.
TOKENS = re.compile(r"\s*\S+\s*")


def compared(old, new):
    """`(old, new)`, each as runs of `(text, whether the other lacks it)`."""
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    own, others = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        own += [(token, kind != "equal") for token in before[a:b]]
        others += [(token, kind != "equal") for token in after[c:d]]
    return runs(own), runs(others)


def runs(tokens):
    return [
        ("".join(token for token, _ in group), is_other)
        for is_other, group in groupby(tokens, key=lambda pair: pair[1])
    ]
