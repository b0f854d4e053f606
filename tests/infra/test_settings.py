"""Settings: what the environment may say, and the line a person reads when it says something else."""

from pathlib import Path

import pytest

from infra.identity.issuer import Issuer
from infra.settings import Settings, WrongSetting, read_settings


def test_an_empty_environment_means_the_embedded_server_here() -> None:
    assert read_settings({"PUSHBACK_PORT": "", "DATABASE_URL": ""}) == Settings(data=Path(".pushback"), port=8000)


def test_each_variable_is_read() -> None:
    environment = {
        "PUSHBACK_DATA": "/srv/pushback",
        "PUSHBACK_PORT": "9000",
        "DATABASE_URL": "postgresql://app@db/pushback",
        "PUSHBACK_OWNER_URL": "postgres://owner@db/pushback",
        "PUSHBACK_PRIVACY_URL": "postgres://privacy@db/pushback",
        "PUSHBACK_ORIGINS": r"https://board\.example",
        "PUSHBACK_COST_PER_SECOND": "0",
        "PUSHBACK_SUBSCRIPTIONS_MAX": "7",
        "PUSHBACK_DOCUMENTS": "/srv/documents.json",
        "PUSHBACK_DOCUMENTS_ONLY": "1",
        "PUSHBACK_INTROSPECTION": "0",
        "PUSHBACK_METRICS": "scrape",
        "PUSHBACK_SLOW_SECONDS": "0.5",
        "PUSHBACK_LOG_OPERATIONS": "1",
        "PUSHBACK_WEBHOOKS_PRIVATE": "1",
        "PUSHBACK_OIDC_ISSUER": "https://login.example",
        "PUSHBACK_OIDC_AUDIENCE": "pushback",
    }
    assert read_settings(environment) == Settings(
        data=Path("/srv/pushback"),
        port=9000,
        database_url="postgresql://app@db/pushback",
        owner_url="postgres://owner@db/pushback",
        privacy_url="postgres://privacy@db/pushback",
        origins=r"https://board\.example",
        cost_per_second=0,
        subscriptions_max=7,
        documents=Path("/srv/documents.json"),
        documents_only=True,
        introspection=False,
        metrics="scrape",
        slow_seconds=0.5,
        log_operations=True,
        webhooks_private=True,
        oidc=Issuer("https://login.example", "pushback"),
    )


def test_origins_that_are_no_pattern_are_refused() -> None:
    with pytest.raises(WrongSetting, match="PUSHBACK_ORIGINS must be a regular expression"):
        read_settings({"PUSHBACK_ORIGINS": "https://(board"})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "٣", " 80"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(WrongSetting, match=r"PUSHBACK_PORT is .*: it must be a number from 1 to 65535"):
        read_settings({"PUSHBACK_PORT": port})


def test_an_error_about_a_url_does_not_repeat_its_password() -> None:
    with pytest.raises(WrongSetting, match="DATABASE_URL must look like") as refused:
        read_settings({"DATABASE_URL": "mysql://app:secret@db/pushback"})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["PUSHBACK_OWNER_URL", "PUSHBACK_PRIVACY_URL"])
def test_another_login_of_no_database_is_refused(name: str) -> None:
    with pytest.raises(WrongSetting, match=f"{name} is set without DATABASE_URL"):
        read_settings({name: "postgresql://owner@db/pushback"})


def test_only_documents_that_are_named_can_be_the_only_ones() -> None:
    with pytest.raises(WrongSetting, match="PUSHBACK_DOCUMENTS_ONLY is set without PUSHBACK_DOCUMENTS"):
        read_settings({"PUSHBACK_DOCUMENTS_ONLY": "1"})


def test_a_switch_is_on_or_off() -> None:
    with pytest.raises(WrongSetting, match="PUSHBACK_INTROSPECTION is 'no': it must be 1 for yes or 0 for no"):
        read_settings({"PUSHBACK_INTROSPECTION": "no"})


@pytest.mark.parametrize("said", ["-1", "1.5", "many", "٣", "9" * 13])
@pytest.mark.parametrize("name", ["PUSHBACK_COST_PER_SECOND", "PUSHBACK_SUBSCRIPTIONS_MAX"])
def test_a_limit_is_a_number(name: str, said: str) -> None:
    with pytest.raises(WrongSetting, match=f"{name} is .*: it must be a number of .*, 0 for no limit"):
        read_settings({name: said})


@pytest.mark.parametrize("said", ["-1", "1e3", "nan", "fast", "٣"])
def test_slow_is_a_number_of_seconds(said: str) -> None:
    with pytest.raises(WrongSetting, match=r"PUSHBACK_SLOW_SECONDS is .*: it must be a number of seconds"):
        read_settings({"PUSHBACK_SLOW_SECONDS": said})


@pytest.mark.parametrize("name", ["PUSHBACK_OIDC_ISSUER", "PUSHBACK_OIDC_AUDIENCE"])
def test_a_sign_in_provider_is_named_with_its_audience(name: str) -> None:
    with pytest.raises(WrongSetting, match="set both, or neither"):
        read_settings({name: "https://login.example"})


def test_a_sign_in_provider_is_spoken_to_encrypted() -> None:
    with pytest.raises(WrongSetting, match="https://"):
        read_settings({"PUSHBACK_OIDC_ISSUER": "http://login.example", "PUSHBACK_OIDC_AUDIENCE": "pushback"})
