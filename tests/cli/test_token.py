"""`tiaojie token`: issued once, listed without it, and ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from api.cli import token as verbs
from api.cli.main import app
from tests.api.conftest import County, open_county


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def said(county: County, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict]:
    @contextmanager
    def opened():
        yield county.parts

    monkeypatch.setattr(verbs, "opened", opened)

    def say(*words: str, code: int = 0) -> dict:
        done = CliRunner().invoke(app, ["token", *words])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if "--json" in words else {"text": done.output}

    return say


def is_in(county: County, token: str) -> bool:
    return county.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_token_is_shown_once_listed_without_it_and_ended(county, said):
    made = said("issue", "town", "--label", "平台", "--scope", "read", "--scope", "figures", "--json")
    assert is_in(county, made["token"])

    told = said("list", "--json")["tokens"]
    assert [(one["login"], one["number"], one["scopes"], one["is_live"]) for one in told] == [
        ("town", 1, "figures read", True)
    ]
    assert told[0]["seen_at"]
    assert made["token"] not in str(told)
    assert told == said("list", "town", "--json")["tokens"]

    said("end", "town", "1")
    assert not is_in(county, made["token"])
    assert [one["is_live"] for one in said("list", "town", "--json")["tokens"]] == [False]


def test_a_token_is_of_somebody_and_has_a_scope(said):
    assert "没有人使用这个登录名" in said("issue", "no.one", "--label", "x", "--scope", "read", code=1)["text"]
    said("issue", "town", "--label", "x", code=2)
    said("issue", "town", "--label", "x", "--scope", "admin", code=2)
