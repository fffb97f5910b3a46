"""What the tests of several rooms share: the repository's graph, the article, small homes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kzgraph import resources
from kzgraph.namespaces import PREFIXES
from kzgraph.snapshot.closing import ClosedGraph, close_graph
from kzgraph.snapshot.sources import read_turtle
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import TripleIndex

ROOT = Path(__file__).resolve().parents[1]
# the article is not ours to ship; who has it puts it beside the checkout
SEED = ROOT.parent / "shared" / "seed"
ARTICLE = SEED / "article.de.txt"
TURTLE_HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def triples(text: str) -> list[Triple]:
    """Return the triples of Turtle without its prefixes."""
    return [q.triple for q in parse(TURTLE_HEADER + text, format=RdfFormat.TURTLE)]


def triples_of(kind: str) -> list[Triple]:
    """Return the triples of the repository's ontology or data."""
    root = resources.folder(kind)
    return [
        triple
        for path in resources.turtle_files()
        if path.is_relative_to(root)
        for triple in read_turtle(path)
    ]


@dataclass(frozen=True)
class Repository:
    """The repository's graph, closed under the policy best; for reading only."""

    ontology: list[Triple]
    data: list[Triple]
    closed: ClosedGraph

    @cached_property
    def everything(self) -> TripleIndex:
        """All triples of the snapshot: asserted, computed and inferred."""
        whole = TripleIndex(self.closed.asserted)
        whole.add(self.closed.computed)
        whole.add(t for t, _ in self.closed.closure.inferred)
        return whole

    @cached_property
    def inferred(self) -> set[Triple]:
        """What the rules infer."""
        return {t for t, _ in self.closed.closure.inferred}

    @cached_property
    def store(self) -> EmbeddedStore:
        """All triples of the snapshot in a store."""
        return EmbeddedStore.in_memory(self.everything)


@pytest.fixture(scope="session")
def graph() -> Repository:
    """The closed graph of the repository's files, made once; read it only."""
    ontology, data = triples_of("ontology"), triples_of("data")
    return Repository(ontology, data, close_graph(ontology, data))


@pytest.fixture(scope="session")
def article() -> str:
    """The text of the article; a test that needs it is skipped where it is not at hand."""
    if not ARTICLE.is_file():
        pytest.skip("the article's text is not shipped and not at hand in ../shared/seed")
    return ARTICLE.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def seed(article: str) -> Path:
    """The folder with the article's text."""
    return SEED


@pytest.fixture(scope="session")
def turtle() -> Callable[[str], list[Triple]]:
    """Read Turtle whose prefixes are those of the prefix table."""
    return triples


@pytest.fixture(scope="session")
def stratify() -> Callable[..., list[Triple]]:
    """Return what draws a part of a closed graph: the article and every n-th fact of a class."""
    from .reasoning.sampling import stratified

    return stratified


@pytest.fixture(scope="session")
def closed_store(graph: Repository) -> Callable[..., EmbeddedStore]:
    """Close a small graph under the repository's ontology and return it as a store."""

    def make(text: str, ontology: str = "") -> EmbeddedStore:
        schema = [*graph.ontology, *triples(ontology)]
        return store_of(close_graph(schema, triples(text), rules=graph.closed.rules))

    return make


def store_of(closed: ClosedGraph) -> EmbeddedStore:
    """Return all that a closed graph holds as a store."""
    return EmbeddedStore.in_memory(
        [*closed.asserted, *closed.computed, *(t for t, _ in closed.closure.inferred)]
    )


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for all that read the repository's snapshot, however many workers run."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    return base / "kzgraph-cache"


@pytest.fixture(autouse=True)
def _no_cache_of_the_user(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own cache and settings."""
    monkeypatch.setenv("KZGRAPH_CACHE", str(shared_cache))
    for name in ("KZGRAPH_HOME", "KZGRAPH_LANG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wanted to connect to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command() -> Callable[..., Ended]:
    """Run the command in a process of its own and return its exit code, stdout and stderr."""

    def run(
        *words: str | Path, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "kzgraph.cli.main", *map(str, words)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


SMALL_DATA = """
kzr:country-kaz
    a kz:State ;
    skos:prefLabel "Kasachstan"@de ;
    skos:prefLabel "Kazakhstan"@en ;
    skos:prefLabel "Қазақстан"@kk ;
    skos:prefLabel "Казахстан"@ru ;
    .

kzr:country-rus
    a kz:State ;
    skos:prefLabel "Russland"@de ;
    skos:prefLabel "Russia"@en ;
    .

kzr:membership-kaz
    a kz:Membership ;
    kz:memberState kzr:country-kaz ;
    kz:organisation kzr:org-eaeu ;
    .

kzr:org-eaeu
    a kz:InternationalOrganisation ;
    skos:prefLabel "Eurasian Economic Union"@en ;
    .

kzr:said-x-1
    a kz:Passage ;
    kz:fragment "first line" ;
    kz:inSource kzr:source-x ;
    .

kzr:said-x-1-c1
    a kz:Claim ;
    kz:claimant kzr:country-rus ;
    kz:content kzr:membership-kaz ;
    kz:evidence kzr:said-x-1 ;
    kz:reporter kzr:country-rus ;
    kz:reviewState kzv:review-accepted ;
    kz:stance kzv:stance-asserts ;
    .

kzr:source-x
    a kz:SourceDocument ;
    skos:prefLabel "A source"@en ;
    .
"""
SMALL_QUERY = """#+ summary: Members of an organisation
#+ question:
#+   en: Who are the members of {organisation}?
#+   de: Wer gehört zu {organisation}?
#+ params:
#+   organisation: {type: iri, class: "kz:Organisation", default: "kzr:org-eaeu"}
#+ tags: [organisations]
#+ evidence: [state kz:memberOf organisation]

PREFIX kz: <https://w3id.org/kzgraph/ontology#>
PREFIX kzr: <https://w3id.org/kzgraph/id/>

SELECT ?organisation ?state
WHERE {
  VALUES ?organisation { kzr:org-eaeu }
  ?state kz:memberOf ?organisation .
}
ORDER BY ?state
"""
SMALL_MODULES = ("core", "states", "organisations", "claims")


def write_home(
    folder: Path, data: str = SMALL_DATA, modules: Iterable[str] = SMALL_MODULES
) -> Path:
    """Write a home folder with a few modules, one file of data and one query."""
    for kind in ("ontology/modules", "data", "queries/organisations"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for module in modules:
        text = (resources.folder("ontology") / "modules" / f"{module}.ttl").read_text("utf-8")
        (folder / "ontology" / "modules" / f"{module}.ttl").write_text(text, "utf-8")
    (folder / "data" / "small.ttl").write_text(TURTLE_HEADER + data, "utf-8")
    (folder / "queries" / "organisations" / "members.rq").write_text(SMALL_QUERY, "utf-8")
    return folder


@pytest.fixture
def small_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own with a few files, and a cache of its own; a build there is quick."""
    home = write_home(tmp_path / "home")
    monkeypatch.setenv("KZGRAPH_HOME", str(home))
    monkeypatch.setenv("KZGRAPH_CACHE", str(tmp_path / "cache"))
    yield home


@pytest.fixture
def small_cache(small_home: Path, tmp_path: Path) -> Path:
    """The cache folder of the small home."""
    return tmp_path / "cache"


__all__ = ["NamedNode", "Repository"]
