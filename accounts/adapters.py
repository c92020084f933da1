from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up on a page of its own: asking for a code opens the account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble.",
        "incorrect_code": "Ce code n’est pas le bon, ou il n’est plus valable.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes, puis recommencez.",
    }

    def is_open_for_signup(self, request):
        return False
