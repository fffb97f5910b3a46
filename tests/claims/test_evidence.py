"""What stands behind a relator: claims, passages, and their text where it is at hand."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kzgraph.claims.evidence import EvidenceReader, Named, SourceFolder, parse_chars
from kzgraph.errors import InputError
from kzgraph.namespaces import kzr

from .conftest import claim

TEXT = "Алматы is large. Astana is the capital. Ётт \U0001f411 end."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def sha(start: int, end: int) -> str:
    """Return the hash of a piece of the text."""
    return hashlib.sha256(TEXT[start:end].encode()).hexdigest()


WORLD = (
    f"""
kzr:source a kz:SourceDocument ; skos:prefLabel "A paper"@en ; skos:prefLabel "Eine Zeitung"@de ;
    kz:sourceSha256 "{SHA}" ; kz:address "https://example.org/paper"^^xsd:anyURI ;
    kz:accessed "2026-11-25"^^xsd:date .
kzr:org-paper a kz:MediaOutlet ; skos:prefLabel "The Paper"@en .
kzr:person a kz:Person ; skos:prefLabel "A Person"@en .
kzr:seat a kz:Seat ; kz:seatOf kzr:org-paper ; kz:seat kzr:city ; kz:dateNote "Inferred."@en ,
    "Erschlossen."@de .
kzr:s a kz:Passage ; kz:inSource kzr:source ; kz:chars "char=17,39" ; kz:paragraph 1 ;
    kz:sentence 2 ; kz:passageSha256 "{sha(17, 39)}" .
kzr:t a kz:Passage ; kz:inSource kzr:source ; kz:row "row=5" .
kzr:u a kz:Passage ; kz:inSource kzr:source ; kz:jsonPointer "/a/b" ;
    kz:accessed "2026-11-01"^^xsd:date .
kzr:v a kz:Passage ; kz:inSource kzr:source ; kz:page 3 .
kzr:w a kz:Passage ; kz:inSource kzr:source ; kz:fragment "first paragraph" .
kzr:p a kz:Proposition ; skos:prefLabel "It rains."@en ; kz:saysSubject kzr:city .
"""
    + claim("s-c1", "seat")
    + claim("t-c1", "seat", rank="preferred", more='kz:rankReason "Looked up."@en ;')
    + claim("u-c1", "seat", review="rejected")
    + claim("v-c1", "proposition:p", stance="denies", more='kz:saidAt "2022-10"^^edtf:EDTF ;')
)


@pytest.fixture(scope="module")
def reader(closed_store: Any) -> EvidenceReader:
    """Read the small world in English."""
    return EvidenceReader(closed_store(WORLD))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the source under another name, and a file that is something else."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "whatever.bin").write_bytes(TEXT.encode())
    (tmp_path / "other.txt").write_text("something else", "utf-8")
    return tmp_path


def test_a_relator_s_claims_are_the_accepted_ones_each_once(reader: EvidenceReader) -> None:
    found = [c.id for c in reader.claims_of(kzr("seat"))]
    assert found == ["kzr:s-c1", "kzr:t-c1"]


def test_a_proposition_s_claims_are_those_that_say_it(reader: EvidenceReader) -> None:
    assert [c.id for c in reader.claims_of(kzr("p"))] == ["kzr:v-c1"]


def test_a_claim_is_its_own_evidence(reader: EvidenceReader) -> None:
    assert [c.id for c in reader.claims_of(kzr("s-c1"))] == ["kzr:s-c1"]


def test_a_thing_that_no_claim_is_on_has_none(reader: EvidenceReader) -> None:
    assert reader.claims_of(kzr("city")) == []


def test_a_claim_says_who_how_and_where(reader: EvidenceReader) -> None:
    (seen,) = reader.claims_of(kzr("p"))
    assert seen.claimant == Named("kzr:org-paper", "The Paper")
    assert seen.stance == Named("kzv:stance-denies", "denies")
    assert seen.rank.id == "kzv:rank-normal"
    assert seen.says == Named("kzr:p", "It rains.")
    assert seen.said_at == "2022-10"
    first = seen.lines()[0]
    assert first == "The Paper (denies, author's voice, said 2022-10)  [kzr:v-c1]"


def test_notes_come_in_the_reader_s_language(closed_store: Any) -> None:
    store = closed_store(WORLD)
    for languages, note in ((("en",), "Inferred."), (("de", "en"), "Erschlossen.")):
        (first, *_) = EvidenceReader(store, languages=languages).claims_of(kzr("seat"))
        assert first.notes == (note,)
    (_, second) = EvidenceReader(store, languages=("ru",)).claims_of(kzr("seat"))
    assert second.notes == ("Looked up.", "Inferred.")


@pytest.mark.parametrize(
    ("passage", "locator"),
    [
        ("s", "paragraph 1, sentence 2, characters 17-39, read 2026-11-25"),
        ("t", "row=5, read 2026-11-25"),
        ("u", "JSON pointer /a/b, read 2026-11-01"),
        ("v", "page 3, read 2026-11-25"),
        ("w", "first paragraph, read 2026-11-25"),
    ],
)
def test_a_passage_says_where_it_stands(passage: str, locator: str, reader: EvidenceReader) -> None:
    found = reader.passage(kzr(passage))
    assert found.locator == locator
    assert found.source.label == "A paper"
    assert found.address == "https://example.org/paper"


def test_without_the_source_the_text_is_not_shown_and_how_to_get_it_is(
    reader: EvidenceReader,
) -> None:
    found = reader.passage(kzr("s"))
    assert found.text is None
    assert "--sources DIR" in found.text_note


def test_with_the_source_the_text_is_shown_counted_in_code_points(
    closed_store: Any, folder: Path
) -> None:
    reader = EvidenceReader(closed_store(WORLD), sources=SourceFolder(folder))
    assert reader.passage(kzr("s")).text == "Astana is the capital."
    assert "    “Astana is the capital.”" in reader.claims_of(kzr("seat"))[0].lines()


def test_a_source_is_found_by_its_hash_whatever_its_name(folder: Path) -> None:
    sources = SourceFolder(folder)
    assert sources.text(SHA) == TEXT
    assert sources.file(SHA) == folder / "deep" / "whatever.bin"
    assert sources.text("0" * 64) is None


def test_a_source_that_was_changed_is_not_found(closed_store: Any, folder: Path) -> None:
    (folder / "deep" / "whatever.bin").write_bytes(TEXT.encode() + b"\n")
    reader = EvidenceReader(closed_store(WORLD), sources=SourceFolder(folder))
    found = reader.passage(kzr("s"))
    assert found.text is None
    assert SHA[:12] in found.text_note


def test_a_passage_whose_hash_does_not_fit_shows_no_text(closed_store: Any, folder: Path) -> None:
    store = closed_store(WORLD.replace(sha(17, 39), sha(0, 6)))
    found = EvidenceReader(store, sources=SourceFolder(folder)).passage(kzr("s"))
    assert found.text is None
    assert "verify-locators" in found.text_note


def test_a_source_that_is_not_utf_8_is_said_with_the_byte(
    closed_store: Any, tmp_path: Path
) -> None:
    data = TEXT.encode("utf-16")
    (tmp_path / "a.txt").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    sources = SourceFolder(tmp_path)
    with pytest.raises(InputError, match=r"a\.txt is not UTF-8 \(byte 0\)"):
        sources.text(digest)


def test_a_folder_that_is_none_is_said() -> None:
    with pytest.raises(InputError, match="is not a folder") as caught:
        SourceFolder(Path("/nowhere/at/all"))
    assert "--sources" in caught.value.hint


def test_a_folder_with_links_that_lead_nowhere_can_be_read(folder: Path) -> None:
    (folder / "gone").symlink_to(folder / "not-there")
    (folder / "loop").symlink_to(folder)
    assert SourceFolder(folder).text(SHA) == TEXT


def test_a_byte_order_mark_belongs_to_the_file_and_not_to_the_text(
    closed_store: Any, tmp_path: Path
) -> None:
    data = b"\xef\xbb\xbf" + TEXT.encode()
    (tmp_path / "a.txt").write_bytes(data)
    store = closed_store(WORLD.replace(SHA, hashlib.sha256(data).hexdigest()))
    found = EvidenceReader(store, sources=SourceFolder(tmp_path)).passage(kzr("s"))
    assert found.text == "Astana is the capital."


@pytest.mark.parametrize(
    ("fragment", "chars"),
    [
        ("char=937,1158", (937, 1158)),
        ("char=0,0", (0, 0)),
        ("char=1158", None),
        ("line=1,2", None),
        ("char=a,b", None),
        ("char=-1,5", None),
        ("char=1,²", None),
        ("", None),
    ],
)
def test_a_character_range_is_read_or_refused(fragment: str, chars: tuple[int, int] | None) -> None:
    assert parse_chars(fragment) == chars


def test_json_leaves_out_what_is_empty(reader: EvidenceReader) -> None:
    (seen,) = reader.claims_of(kzr("p"))
    data = seen.to_json()
    assert set(data) == {
        "id", "claimant", "reporter", "stance", "attribution", "modality", "rank", "review",
        "says", "said_at", "passages",
    }  # fmt: skip
    assert data["passages"] == [
        {
            "id": "kzr:v",
            "source": {"id": "kzr:source", "label": "A paper"},
            "locator": "page 3, read 2026-11-25",
            "address": "https://example.org/paper",
        }
    ]


def test_every_claim_of_the_repository_can_be_read(graph: Any) -> None:
    from kzgraph.claims.listing import list_claims

    reader = EvidenceReader(graph.store)
    for seen in list_claims(reader):
        assert seen.claimant.label and seen.reporter.label and seen.says.label, seen.id
        assert seen.passages, seen.id
        for passage in seen.passages:
            assert passage.source.label and passage.locator, passage.id
        assert not [x for x in seen.to_json().values() if x == {"id": "", "label": ""}], seen.id


def test_the_article_s_passages_are_shown_from_the_reader_s_copy(
    graph: Any, seed: Path, article: str
) -> None:
    reader = EvidenceReader(graph.store, sources=SourceFolder(seed))
    assert reader.passage(kzr("said-rn2023-p03-s02")).text == article[937:1158]
