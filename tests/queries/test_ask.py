"""Questions in English and German: what is understood, as what, and what is not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kzgraph.errors import NotUnderstoodError
from kzgraph.queries.ask import understand

HERE = Path(__file__).parent / "ask"


@dataclass(frozen=True)
class Param:
    """A parameter as the catalogue gives it."""

    type: str
    class_: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A saved query as the catalogue gives it."""

    name: str
    questions: dict[str, str]
    params: dict[str, Param] = field(default_factory=dict)


@pytest.fixture(scope="module")
def catalogue():
    data = tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))
    return [
        Query(
            name,
            {lang: entry[lang] for lang in ("en", "de")},
            {
                key: Param(p["type"], p.get("class", ""), p.get("default"))
                for key, p in entry.items()
                if isinstance(p, dict)
            },
        )
        for name, entry in data.items()
    ]


UNDERSTOOD = (HERE / "understood.tsv").read_text(encoding="utf-8").splitlines()


def _cases(section):
    inside = False
    for line in UNDERSTOOD:
        if line.startswith("# "):
            inside = line == f"# {section}"
        elif inside and line:
            yield line.split("\t")


@pytest.mark.parametrize(("question", "query", "parameters"), list(_cases("understood")))
def test_paraphrase_finds_its_query_and_parameters(question, query, parameters, names, catalogue):
    understood = understand(question, catalogue, names)
    found = {k: v.removeprefix("kzr:") for k, v in understood.parameters.items()}
    assert understood.query.name == query
    assert found == dict(pair.split("=") for pair in parameters.split())


@pytest.mark.parametrize(("question",), list(_cases("not understood")))
def test_near_miss_is_not_understood(question, names, catalogue):
    with pytest.raises(NotUnderstoodError) as caught:
        understand(question, catalogue, names)
    assert caught.value.nearest
    assert caught.value.exit_code == 2
