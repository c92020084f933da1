"""Numbers as French writes them. Pure."""

NO_BREAK = "\u00a0"
NARROW = "\u202f"


def number(value):
    """« 13 000 »: thousands held together by a narrow no-break space."""
    return f"{int(value):,}".replace(",", NARROW)


def counted(count, one, many=""):
    """« 1 voix », « 5 votants »: an « s » makes the plural, unless `many` is another word."""
    return f"{number(count)} {agreed(count, one, many)}"


def agreed(count, one, many=""):
    """The word alone. French counts none as one: « 0 voix exprimée »."""
    return one if count < 2 else many or f"{one}s"


def euros(amount):
    """« 2 000 € », « 1 250,50 € »."""
    cents = round(amount * 100) % 100
    decimals = f",{cents:02}" if cents else ""
    return f"{number(amount)}{decimals}{NO_BREAK}€"


def size_text(size):
    """A number of bytes: « 340 Ko », « 1,2 Mo »."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NO_BREAK}Ko"
    return f"{size / 1_000_000:.1f}{NO_BREAK}Mo".replace(".", ",")
