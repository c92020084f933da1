"""Settings of Rally'nov: one file, read from the environment (see .env.example).

Without DATABASE_URL the portal runs in *example mode*: the embedded PostgreSQL, 127.0.0.1 only,
fictional content. With DATABASE_URL it is a production site, and refuses to start without its
secrets.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from rallynov import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.VAR_DIR

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")


def required(name, what):
    """The value of the variable `name`, or a refusal to start that says what to set."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} manque : {what} (voir .env.example).")
    return value


EXAMPLE_MODE = embedded.is_used()
DEBUG = False

if EXAMPLE_MODE:
    SECRET_KEY = embedded.secret_key()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    SITE_URL = f"http://127.0.0.1:{env.str('PORT', default='8000')}"
    DATABASES = {"default": embedded.database()}
    DEFAULT_FROM_EMAIL = "Rally’nov (exemple) <ne-pas-repondre@exemple.invalid>"
    CONTACT_EMAIL = "equipe@exemple.invalid"
else:
    SECRET_KEY = required("SECRET_KEY", "une longue chaîne aléatoire, gardée secrète")
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", "les noms de domaine du site").split(",")
    SITE_URL = required("SITE_URL", "l’adresse publique, comme https://www.exemple.fr").rstrip("/")
    DATABASES = {"default": env.db("DATABASE_URL")}
    DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "l’expéditeur des courriels")
    CONTACT_EMAIL = required("CONTACT_EMAIL", "l’adresse où l’équipe lit ce qu’on lui écrit")

DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    # PgBouncer in transaction mode keeps no server-side cursor between two statements.
    "DISABLE_SERVER_SIDE_CURSORS": True,
}

INSTALLED_APPS = [
    "rallynov",
    "audience",
    "places",
    "accounts",
    "partners",
    "initiatives",
    "events",
    "news",
    "trophies",
    "rallynov.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_prose_editor",
    "pghistory",
    "pgtrigger",
    "post_office",
]

MIDDLEWARE = [
    "rallynov.received.received_at",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Static files are compressed once and for all; this one is for pages.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Who wrote, and at which address: beside each event of the history.
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "rallynov.urls"
WSGI_APPLICATION = "rallynov.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["rallynov.templatetags.rallynov"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rallynov.context.site",
            ],
        },
    },
    {
        # The subjects and bodies of our mails are plain Django templates as well.
        "BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    },
]

# Language, zone ---------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
STORAGES = {
    "default": {"BACKEND": "rallynov.storage.AtomicFileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Accounts ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/admin/"
# The second factor of jury and staff; off in example mode only, where the passwords are public.
SECOND_FACTOR_REQUIRED = not EXAMPLE_MODE

ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# The sign-in page offers a password because this list holds one; there is no sign-up page.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Six digits bear few guesses: the hourly limit keeps a patient thief below 100 tries an hour.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,20/h/key",
    "call_alert": "20/h/ip,3/d/key",  # trophies/alerts.py
    "contact": "10/h/ip",  # rallynov/contact.py
    "contribution": "10/h/ip",  # initiatives/contributing/public.py
    "sheet_invitation": "20/d/user",  # initiatives/contributing/space.py
    "registration": "30/h/ip",  # events/registering.py: an association shares its address
}
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = "Rally’nov"
MFA_TOTP_TOLERANCE = 1
# A password is only ever chosen by a link mailed to the address: whoever has one has proved it.
MFA_ALLOW_UNVERIFIED_EMAIL = True

CACHES = {
    "default": env.cache(default="dbcache://cache"),
}

# History: what was written of the jury's work is never changed ---------------------------------

PGHISTORY_APPEND_ONLY = True
# A page that is only read has nothing to say of who reads it: it stays the same for everyone.
PGHISTORY_MIDDLEWARE_METHODS = ["POST"]
PGHISTORY_DEFAULT_TRACKERS = [
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
]

# Mail -------------------------------------------------------------------------------------------

if EXAMPLE_MODE:
    DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    required("EMAIL_URL", "le serveur d’envoi, comme smtp+tls://nom:secret@smtp.exemple.fr:587")
    mail = env.email("EMAIL_URL")
    DELIVERY_BACKEND = mail.pop("EMAIL_BACKEND")
    vars().update(mail)
    EMAIL_TIMEOUT = 20

# Every mail is first a row, in the transaction of what it announces; the worker sends it.
EMAIL_BACKEND = "post_office.EmailBackend"
POST_OFFICE = {
    "BACKENDS": {"default": DELIVERY_BACKEND},
    "DEFAULT_PRIORITY": "medium",
    "BATCH_SIZE": 1,
    "SENDING_ORDER": ["-priority", "pk"],
    "MAX_RETRIES": 0,
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
}

# Security ---------------------------------------------------------------------------------------

IS_HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "rallynov.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# The same constant everywhere, the admin included: no inline script or style, hence no nonce, so
# that a public page can be kept whole.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Audience ---------------------------------------------------------------------------------------

# The pages that are counted: public, the same for everyone, without a secret in their address.
AUDIENCE_PAGES = {
    "home", "conditions", "partner", "search", "site-map", "audience:method",
    "initiatives:list", "initiatives:map", "initiatives:detail", "initiatives:condition",
    "trophies:list", "trophies:edition", "trophies:laureates", "trophies:regulation",
    "trophies:report", "trophies:apply", "events:list", "events:year", "events:detail",
    "news:list", "news:detail", "partners:list", "pages:rallynov", "pages:europe",
    "pages:mentions-legales", "pages:accessibilite", "pages:donnees-personnelles", "pages:contact",
    "data", "initiatives:embed", "initiatives:propose", "privacy-register",
}  # fmt: skip
# What past years published of theirs, which another app knows.
AUDIENCE_ARCHIVES = "rallynov.archives.audience"

# Personal data ----------------------------------------------------------------------------------

# For how many months what is kept of people stays: rallynov/privacy/retention.py says from when.
RETENTION = {
    name: env.int(f"RETENTION_{name.upper()}", default=months)
    for name, months in {
        "drafts": 6,
        "candidatures": 24,
        "jury": 24,
        "registrations": 3,
        "needs": 1,
        "contributions": 12,
        "questions": 12,
        "authorisations": 12,
        "consents": 12,
        "accounts": 12,
        "logs": 12,
        "accounting": 120,
    }.items()
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
