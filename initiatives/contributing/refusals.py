class NotPossible(Exception):
    """What was asked cannot be done now; the message says why, in French."""
