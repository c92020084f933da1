"""What a mailed link carries: an address that its reader proves to hold, and that no log shows.

Encrypted, not only signed: servers and proxies keep the addresses of pages.
"""

import base64

from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac

SALT = "rallynov.privacy.copy"
LIFE = 7 * 24 * 3600  # of a link, in seconds


def token_of(email):
    return cipher().encrypt(email.encode()).decode().rstrip("=")


def address_in(token):
    """Raises InvalidToken for what is made up, altered, or older than LIFE."""
    padded = token + "=" * (-len(token) % 4)
    return cipher().decrypt(padded.encode(), ttl=LIFE).decode()


def cipher():
    key = salted_hmac(SALT, "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
