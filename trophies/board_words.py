"""What the board of a deliberation says of a file, in French."""

from rallynov.numbers import NARROW

NUMBERS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
MINUS = "−"
# On the scale of the levels: a smaller shift, or a juror who is nearer to this jury, is not told.
NOTICEABLE = 0.05


def place_text(place, is_equal):
    """« 1ᵉʳ », « 2ᵉ », « 2ᵉ ex æquo »; nothing without a place."""
    if place is None:
        return ""
    return f"{place}{'ᵉʳ' if place == 1 else 'ᵉ'}{' ex æquo' if is_equal else ''}"


def readers_text(severities, readers, shift):
    """« lu par deux jurés plus sévères que la moyenne : + 0,12 »

    `severities`: of the readers, those that are known; `shift`: from the raw mean to the calibrated
    one, or None. Where it is noticeable, it says how many of the readers noticeably are more severe
    or more generous than the jury.
    """
    text = f"lu par {counted(readers, 'juré')}"
    severe, generous = noticed(severities, -1), noticed(severities, 1)
    if not (shift and is_noticeable(shift) and severe + generous):
        return text
    who = who_text(severe, generous, readers)
    return f"{text}{who} que la moyenne{NARROW}: {signed_text(shift)}"


def who_text(severe, generous, readers):
    """« plus sévères » of all the readers, « , dont deux plus sévères et un plus généreux »"""
    if readers in (severe, generous):
        return f" {kind_text(readers, severe)}"
    parts = [
        f"{number_text(number)} {kind_text(number, is_severe)}"
        for number, is_severe in ((severe, True), (generous, False))
        if number
    ]
    return f", dont {' et '.join(parts)}"


def kind_text(number, is_severe):
    return f"plus sévère{'s' if number > 1 else ''}" if is_severe else "plus généreux"


def noticed(severities, direction):
    return sum(is_noticeable(s) and s * direction > 0 for s in severities)


def is_noticeable(value):
    return round(abs(value), 2) >= NOTICEABLE


def counted(number, noun):
    """« un juré », « cinq jurés », « 12 jurés »"""
    return f"{number_text(number)} {noun}{'s' if number > 1 else ''}"


def number_text(number):
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def signed_text(value):
    """« + 0,12 », « − 0,08 »: held together by narrow spaces."""
    sign = MINUS if value < 0 else "+"
    return f"{sign}{NARROW}{mean_text(abs(value))}"


def mean_text(value):
    """« 3,48 », « −0,06 »"""
    return f"{round(value, 2) + 0:.2f}".replace(".", ",").replace("-", MINUS)  # no « −0,00 »


def interval_text(low, high):
    """« 3,06 à 3,90 »; nothing where there is none."""
    return "" if low is None else f"{mean_text(low)} à {mean_text(high)}"


def unread_text(signed):
    """Why a file has no mean: nobody signed a reading of it, or none is complete."""
    if signed > 1:
        return f"{number_text(signed)} lectures signées, mais incomplètes"
    return "une lecture signée, mais incomplète" if signed else "aucune lecture signée"
