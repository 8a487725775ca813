"""Settings, by environment variables alone (table in the README). Imported by nobody but Django."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from welbevinden import services

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is '{value}'; wel kan: true of false.")


def env_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DATA_DIR = services.data_dir()
# Development and demo: with the embedded servers nothing is reachable from outside, and a newcomer needs no settings.
# With DATABASE_URL it is somebody's real installation, and every unsafe default is refused.
EMBEDDED = "DATABASE_URL" not in os.environ
PRODUCTION = env_bool("PRODUCTION", default=not EMBEDDED)
TESTING = "pytest" in sys.modules
DEBUG = env_bool("DEBUG", default=False)
DEMO = env_bool("DEMO", default=not PRODUCTION)

SECRET_KEY = os.environ.get("SECRET_KEY", "" if PRODUCTION else "alleen-voor-ontwikkeling-en-demo-" + "0" * 32)
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")
# Off only where a test or a first look has no https; production refuses that below.
HTTPS = env_bool("HTTPS", default=PRODUCTION)

if PRODUCTION:
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("alleen-voor-ontwikkeling"):
        raise ImproperlyConfigured("SECRET_KEY ontbreekt of is te kort: zet een geheime waarde van minstens 50 tekens.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS ontbreekt of bevat '*': noem de namen waaronder de site draait.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG staat aan: dat mag niet in productie.")
    if DEMO:
        raise ImproperlyConfigured("DEMO staat aan: de demo met bekende wachtwoorden mag niet in productie.")
    if "REDIS_URL" not in os.environ:
        raise ImproperlyConfigured("REDIS_URL ontbreekt: noem de Redis van deze installatie.")
    if "EMAIL_URL" not in os.environ:
        raise ImproperlyConfigured("EMAIL_URL ontbreekt: zonder mailserver krijgt niemand een uitnodiging.")


def database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL moet beginnen met postgresql://.")
    # A database that hangs must not hold a worker for good.
    # With PostgreSQL's own 4 MB of working memory, figures over thousands of schools sort on disk at twice the time.
    options = {"connect_timeout": "10", "options": "-c work_mem=32MB", **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def email(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"}:
        raise ImproperlyConfigured("EMAIL_URL moet beginnen met smtp://, smtp+tls:// of smtp+ssl://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


DATABASES = {
    "default": {
        **database(os.environ.get("DATABASE_URL") or services.postgres_url(DATA_DIR)),
        # A new connection for every request costs more than most of our pages (docs/adr/0001).
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = services.redis_urls(os.environ.get("REDIS_URL"), DATA_DIR)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis.cache}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # its templates, for FORM_RENDERER
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "welbevinden",
    "pilots",
    "checklist",
    "focusgroups",
    "plans",
    "evaluation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "welbevinden.http.keep_private",
    "allauth.account.middleware.AccountMiddleware",
    "welbevinden.http.AccessMiddleware",
    "pilots.middleware.remember_session",
    "pilots.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "welbevinden.urls"
WSGI_APPLICATION = "welbevinden.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "welbevinden.http.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "pilots.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "pilots.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "pilots.passwords.NotCommon"},
    {"NAME": "pilots.passwords.NotLikeTheAccount"},
]

# Logging in: allauth does the work behind pages and addresses of our own (pilots/urls.py). There is no
# signing up, and an account is found by the address in our own table alone.
ACCOUNT_ADAPTER = "pilots.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"reauthenticate": "pilots.forms.accounts.ReauthenticateForm"}
# Seconds in which a password or a second factor counts as recent.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = {"reset_password": "20/h/ip,5/h/key", "manage_email": "10/h/user"}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
# What is asked of an admin, a researcher and a GSA besides their password.
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", default=PRODUCTION)
MFA_ADAPTER = "pilots.allauth_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "pilots.forms.accounts.CodeForm",
    "reauthenticate": "pilots.forms.accounts.CodeAgainForm",
    "activate_totp": "pilots.forms.accounts.ActivateAppForm",
    "add_webauthn": "pilots.forms.accounts.PasskeyForm",
    "authenticate_webauthn": "pilots.forms.accounts.PasskeyStepForm",
    "login_webauthn": "pilots.forms.accounts.PasskeyLoginForm",
    "reauthenticate_webauthn": "pilots.forms.accounts.PasskeyAgainForm",
}
# Proxies of our own before the website: so far may X-Forwarded-For be believed.
_proxies = os.environ.get("PROXIES", "1" if HTTPS else "0")
if not _proxies.isdecimal():
    raise ImproperlyConfigured(f"PROXIES is '{_proxies}'; wel kan: 0, 1, 2 en zo verder.")
ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxies)

# Logging in with an organisation's account, by OpenID Connect.
OIDC_URL = os.environ.get("OIDC_URL", "").rstrip("/")
OIDC_NAME = os.environ.get("OIDC_NAME", "")
if OIDC_URL and not (OIDC_NAME and os.environ.get("OIDC_CLIENT_ID") and os.environ.get("OIDC_CLIENT_SECRET")):
    raise ImproperlyConfigured("OIDC_URL staat er; zet dan ook OIDC_NAME, OIDC_CLIENT_ID en OIDC_CLIENT_SECRET.")
if OIDC_URL and PRODUCTION and urlsplit(OIDC_URL).scheme != "https":
    raise ImproperlyConfigured("OIDC_URL moet beginnen met https://.")
SOCIALACCOUNT_ADAPTER = "pilots.allauth_adapter.OrganisationAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisatie",
                "name": OIDC_NAME,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
LOCALE_PATHS: list[Path] = []

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Third-party files are copied here by `make assets` (ignored by git); our own stand in static/.
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "static-vendor")]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("FILES_DIR", str(DATA_DIR / "files"))},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

CELERY_BROKER_URL = _redis.broker
# Nobody waits for a result: the task row in the database is the truth.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
# Taken in turns by every worker, so that neither mail nor the PDF that somebody waits for stands behind the many of an
# import.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("mail"), Queue("import")]
CELERY_TASK_ROUTES = {"pilots.tasks.send_mail": {"queue": "mail"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "find-lost-documents": {"task": "pilots.tasks.find_lost_documents", "schedule": 30.0},
    "find-waiting-mail": {"task": "pilots.tasks.find_waiting_mail", "schedule": 30.0},
    # After a time in which nothing ran, beat makes up for it once.
    "send-digests": {
        "task": "pilots.schedules.send_digests",
        "schedule": crontab(day_of_week="mon", hour="7", minute="30"),
    },
    "apply-retention": {
        "task": "pilots.schedules.apply_retention",
        "schedule": crontab(day_of_week="sun", hour="4", minute="0"),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# A queued or running document that nobody finished within this many seconds is offered to a worker again.
DOCUMENT_LOST_AFTER = 200
# A mail whose worker died while sending it is offered again after this many seconds.
MAIL_LOST_AFTER = 200
# The demo has no mail server: its mail is read on a page of the admin.
MAIL_STAYS_HERE = "EMAIL_URL" not in os.environ and not PRODUCTION
EMAIL_TIMEOUT = 20  # seconds that a mail server may take for each answer

for _name, _value in (
    email(os.environ["EMAIL_URL"])
    if "EMAIL_URL" in os.environ
    else {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "Welbevinden <noreply@localhost>")

SITE_NAME = os.environ.get("SITE_NAME", "Welbevinden")
# Where the site is found, for links in mail that nobody's request asked for.
_local = f"http://localhost:{os.environ.get('PORT', '8000')}"
SITE_URL = os.environ.get("SITE_URL") or (f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else _local)
SITE_URL = SITE_URL.rstrip("/")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        # The browser follows the redirect of a form: the way to an organisation's login must be allowed.
        "form-action": [SELF, "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "welbevinden.http.csrf_failure"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^gezondheid/"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# Texts up to 20,000 characters in dozens of fields are normal input; the default of 2.5 MB would refuse a full page.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Run after migrate, in this order: by every command that starts its own servers, and by `manage.py up`.
PREPARE_COMMANDS: list[list[str]] = [["load_instruments"], ["recount"]]
UP_COMMANDS: list[list[str]] = [["load_demo"]] if DEMO else []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
