"""What the environment says: where the data is, which port, which PostgreSQL."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from infra.identity.issuer import Issuer, is_fit

LOCALHOST: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
"""Pages of other ports of this machine."""

PORT_DEFAULT: Final = 8000
COST_PER_SECOND_DEFAULT: Final = 10_000
SUBSCRIPTIONS_DEFAULT: Final = 100
SLOW_SECONDS_DEFAULT: Final = 1.0
_PORT_MAX: Final = 65535
_LIMIT_DIGITS_MAX: Final = 12
_OTHER_LOGINS: Final = ("PUSHBACK_OWNER_URL", "PUSHBACK_PRIVACY_URL")
_SWITCH: Final = {"1": True, "0": False}
_SCHEMES: Final = ("postgres", "postgresql")


class WrongSetting(Exception):
    """An environment variable says something that cannot be meant; the message is one line for the person."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process.

    data: PUSHBACK_DATA, the folder of the embedded server. port: PUSHBACK_PORT. database_url: DATABASE_URL, a
    PostgreSQL of one's own instead of the embedded one. owner_url: PUSHBACK_OWNER_URL, the login that migrates it.
    privacy_url: PUSHBACK_PRIVACY_URL, the login that erases there; without it, the one that migrates.
    origins: PUSHBACK_ORIGINS, a regular expression of the pages that may call the API from a browser.
    cost_per_second: PUSHBACK_COST_PER_SECOND, the points that each token may spend in a process; 0 for no limit.
    subscriptions_max: PUSHBACK_SUBSCRIPTIONS_MAX, so many a token may follow in a process; 0 for no limit.
    documents: PUSHBACK_DOCUMENTS, a manifest of trusted documents. documents_only: PUSHBACK_DOCUMENTS_ONLY, whether
    nothing else is carried out. introspection: PUSHBACK_INTROSPECTION, whether the schema is told.
    metrics: PUSHBACK_METRICS, the token for /metrics; without it this machine may read them. slow_seconds:
    PUSHBACK_SLOW_SECONDS, from which on an operation is logged as slow; 0 for never.
    log_operations: PUSHBACK_LOG_OPERATIONS, whether each operation has a line of the log. webhooks_private:
    PUSHBACK_WEBHOOKS_PRIVATE, whether webhooks may lead into private networks. oidc: PUSHBACK_OIDC_ISSUER and
    PUSHBACK_OIDC_AUDIENCE, a sign-in provider whose access tokens are taken.
    """

    data: Path = Path(".pushback")
    port: int = PORT_DEFAULT
    database_url: str | None = None
    owner_url: str | None = None
    privacy_url: str | None = None
    origins: str = LOCALHOST
    cost_per_second: int = COST_PER_SECOND_DEFAULT
    subscriptions_max: int = SUBSCRIPTIONS_DEFAULT
    documents: Path | None = None
    documents_only: bool = False
    introspection: bool = True
    metrics: str | None = None
    slow_seconds: float = SLOW_SECONDS_DEFAULT
    log_operations: bool = False
    webhooks_private: bool = False
    oidc: Issuer | None = None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment holds; raises WrongSetting. An empty variable counts as not set."""
    database_url = _url(environment, "DATABASE_URL")
    owner_url, privacy_url = (_url(environment, name) for name in _OTHER_LOGINS)
    for name in _OTHER_LOGINS:
        if environment.get(name) and not database_url:
            raise WrongSetting(f"{name} is set without DATABASE_URL: set both, or neither for the embedded one")
    documents = environment.get("PUSHBACK_DOCUMENTS")
    documents_only = _switch(environment, "PUSHBACK_DOCUMENTS_ONLY", default=False)
    if documents_only and not documents:
        raise WrongSetting("PUSHBACK_DOCUMENTS_ONLY is set without PUSHBACK_DOCUMENTS: name the manifest as well")
    return Settings(
        data=Path(environment.get("PUSHBACK_DATA") or ".pushback").expanduser(),
        port=_port(environment.get("PUSHBACK_PORT") or str(PORT_DEFAULT)),
        database_url=database_url,
        owner_url=owner_url,
        privacy_url=privacy_url,
        origins=_pattern(environment.get("PUSHBACK_ORIGINS") or LOCALHOST),
        cost_per_second=_limit(environment, "PUSHBACK_COST_PER_SECOND", "points", COST_PER_SECOND_DEFAULT),
        subscriptions_max=_limit(environment, "PUSHBACK_SUBSCRIPTIONS_MAX", "subscriptions", SUBSCRIPTIONS_DEFAULT),
        documents=Path(documents).expanduser() if documents else None,
        documents_only=documents_only,
        introspection=_switch(environment, "PUSHBACK_INTROSPECTION", default=True),
        metrics=environment.get("PUSHBACK_METRICS") or None,
        slow_seconds=_seconds(environment.get("PUSHBACK_SLOW_SECONDS") or str(SLOW_SECONDS_DEFAULT)),
        log_operations=_switch(environment, "PUSHBACK_LOG_OPERATIONS", default=False),
        webhooks_private=_switch(environment, "PUSHBACK_WEBHOOKS_PRIVATE", default=False),
        oidc=_issuer(environment.get("PUSHBACK_OIDC_ISSUER"), environment.get("PUSHBACK_OIDC_AUDIENCE")),
    )


def _issuer(url: str | None, audience: str | None) -> Issuer | None:
    if not url and not audience:
        return None
    if not url or not audience:
        raise WrongSetting("PUSHBACK_OIDC_ISSUER and PUSHBACK_OIDC_AUDIENCE belong together: set both, or neither")
    if not is_fit(url):
        raise WrongSetting(f"PUSHBACK_OIDC_ISSUER is {url!r}: it must be an address that begins with https://")
    return Issuer(url, audience)


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = environment.get(name)
    if said and said not in _SWITCH:
        raise WrongSetting(f"{name} is {said!r}: it must be 1 for yes or 0 for no")
    return _SWITCH[said] if said else default


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _PORT_MAX):
        raise WrongSetting(f"PUSHBACK_PORT is {text!r}: it must be a number from 1 to {_PORT_MAX}")
    return int(text)


def _limit(environment: Mapping[str, str], name: str, of: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= _LIMIT_DIGITS_MAX):
        raise WrongSetting(f"{name} is {text!r}: it must be a number of {of}, 0 for no limit")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise WrongSetting(f"PUSHBACK_SLOW_SECONDS is {text!r}: it must be a number of seconds like 0.5, 0 for never")
    return float(text)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise WrongSetting(f"PUSHBACK_ORIGINS must be a regular expression of origins: {error}") from error
    return text


def _url(environment: Mapping[str, str], name: str) -> str | None:
    """The URL, never repeated in an error: it may hold a password."""
    url = environment.get(name)
    if not url:
        return None
    if urlsplit(url).scheme not in _SCHEMES:
        raise WrongSetting(f"{name} must look like postgresql://user@host/database")
    return url
