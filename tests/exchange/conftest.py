"""A home with the whole ontology and little data, and tables to import into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kzgraph import resources
from kzgraph.exchange.importing import ImportReport, import_table
from kzgraph.exchange.mapping import find_mapping
from kzgraph.namespaces import PREFIXES

TURTLE_HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

DATA = """
kzr:country-kaz
    a kz:State ;
    skos:prefLabel "Kasachstan"@de ;
    skos:prefLabel "Kazakhstan"@en ;
    skos:prefLabel "Қазақстан"@kk ;
    skos:prefLabel "Казахстан"@ru ;
    skos:notation "KAZ" ;
    .
kzr:country-tur
    a kz:State ;
    skos:prefLabel "Türkei"@de ;
    skos:prefLabel "Türkiye"@en ;
    .
kzr:company-altyn
    a kz:Company ;
    skos:prefLabel "Altyn"@de ;
    skos:prefLabel "Altyn"@en ;
    .
kzr:company-kumis
    a kz:Company ;
    skos:prefLabel "Kumis"@de ;
    skos:prefLabel "Kumis"@en ;
    skos:altLabel "Altyn"@en ;
    .
kzr:org-union
    a kz:InternationalOrganisation ;
    skos:prefLabel "Union der Steppe"@de ;
    skos:prefLabel "Steppe Union"@en ;
    skos:notation "SU" ;
    .
kzr:org-gazette
    a kz:MediaOutlet ;
    skos:prefLabel "Gazette"@de ;
    skos:prefLabel "Gazette"@en ;
    .
kzr:source-almanac
    a kz:SourceDocument ;
    skos:prefLabel "Almanach"@de ;
    skos:prefLabel "Almanac"@en ;
    dcterms:language "en" ;
    kz:accessed "2026-11-01"^^xsd:date ;
    kz:address "https://almanac.example/report"^^xsd:anyURI ;
    kz:licenceNote "Keine Lizenz angegeben."@de ;
    kz:licenceNote "No licence is stated."@en ;
    kz:publisher kzr:org-almanac ;
    .
kzr:org-almanac
    a kz:MediaOutlet ;
    skos:prefLabel "Almanach"@de ;
    skos:prefLabel "Almanac"@en ;
    .
kzr:source-gazette
    a kz:SourceDocument ;
    skos:prefLabel "Bericht"@de ;
    skos:prefLabel "Report"@en ;
    dcterms:language "en" ;
    kz:accessed "2026-11-01"^^xsd:date ;
    kz:address "https://gazette.example/report"^^xsd:anyURI ;
    kz:licenceNote "Keine Lizenz angegeben."@de ;
    kz:licenceNote "No licence is stated."@en ;
    kz:publisher kzr:org-gazette ;
    .
"""
LINKS = "kzr:country-kaz skos:exactMatch wd:Q232 .\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that imports write into."""
    folder = tmp_path / "home"
    for kind in ("data/sources", "data/links", "queries"):
        (folder / kind).mkdir(parents=True)
    (folder / "ontology").symlink_to(resources.folder("ontology"))
    (folder / "data/small.ttl").write_text(TURTLE_HEADER + DATA, "utf-8")
    (folder / "data/links/wikidata.ttl").write_text(TURTLE_HEADER + LINKS, "utf-8")
    monkeypatch.setenv("KZGRAPH_HOME", str(folder))
    monkeypatch.setenv("KZGRAPH_CACHE", str(tmp_path / "cache"))
    yield folder
    shutil.rmtree(folder)


Take = Callable[..., ImportReport]


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Take:
    """Import a table given as its text; ``mapping`` is a shipped one or TOML."""

    def run(
        text: str | bytes, mapping: str = "memberships", *, name: str = "t.tsv", **options: bool
    ) -> ImportReport:
        table = tmp_path / name
        table.write_bytes(text if isinstance(text, bytes) else text.encode())
        if "\n" in mapping:
            file = tmp_path / "mapping.toml"
            file.write_text(mapping, "utf-8")
        else:
            file = find_mapping(mapping)
        return import_table(table, file, **options)

    return run


def files(home: Path) -> dict[str, str]:
    """Return the text of every file of the data."""
    return {
        p.relative_to(home).as_posix(): p.read_text("utf-8")
        for p in sorted((home / "data").rglob("*.ttl"))
    }
