"""Numbers as French writes them."""

from rallynov.dates import NO_BREAK

NARROW = "\u202f"


def number(value):
    """« 13 000 »: thousands held together by a narrow no-break space."""
    return f"{int(value):,}".replace(",", NARROW)


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
