"""Do passages still say what was read?"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kzgraph.claims.evidence import SourceFolder
from kzgraph.claims.locators import LocatorReport, verify_locators
from kzgraph.errors import InputError

TEXT = "Қазақстан is large. It has a border."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
PASSAGE = """
kzr:source a kz:SourceDocument ; kz:sourceSha256 "{source}" .
kzr:p a kz:Passage ; kz:inSource kzr:source ; kz:chars "{chars}" ; kz:passageSha256 "{sha}" .
"""


def digest(start: int, end: int) -> str:
    """Return the hash of a piece of the text."""
    return hashlib.sha256(TEXT[start:end].encode()).hexdigest()


@pytest.fixture
def check(closed_store: Any, tmp_path: Path) -> Any:
    """Verify one passage of the text."""
    (tmp_path / "source.txt").write_bytes(TEXT.encode())

    def verify(
        chars: str = "char=0,19", sha: str = digest(0, 19), source: str = SHA
    ) -> LocatorReport:
        store = closed_store(PASSAGE.format(source=source, chars=chars, sha=sha))
        return verify_locators(store, SourceFolder(tmp_path))

    return verify


def test_a_passage_that_still_says_the_same_is_verified(check: Any) -> None:
    report = check()
    assert (report.verified, report.findings, report.absent) == (1, [], {})


def test_a_passage_that_drifted_is_found(check: Any) -> None:
    (finding,) = check(chars="char=1,20").findings
    assert (finding.passage, finding.source) == ("kzr:p", "kzr:source")
    assert finding.problem == f"char=1,20 hashes to {digest(1, 20)[:12]}…"


@pytest.mark.parametrize("chars", ["char=0,500", "char=19,3", "char=5,5", "char=400,500"])
def test_a_range_outside_the_text_is_found(chars: str, check: Any) -> None:
    (finding,) = check(chars=chars).findings
    assert finding.problem == f"{chars} leaves the text (0-{len(TEXT)})"


@pytest.mark.parametrize("chars", ["0-19", "char=0", "line=0,19"])
def test_what_is_no_range_is_found(chars: str, check: Any) -> None:
    (finding,) = check(chars=chars).findings
    assert "is no character range" in finding.problem


def test_a_source_that_is_not_at_hand_is_counted_and_no_finding(check: Any) -> None:
    report = check(source="0" * 64)
    assert (report.verified, report.findings, report.absent) == (0, [], {"kzr:source": 1})


def test_a_passage_without_characters_is_left_alone(closed_store: Any, tmp_path: Path) -> None:
    store = closed_store("kzr:p a kz:Passage ; kz:inSource kzr:source ; kz:page 3 .")
    report = verify_locators(store, SourceFolder(tmp_path))
    assert (report.verified, report.findings, report.absent) == (0, [], {})


def test_a_source_that_is_not_utf_8_is_said(closed_store: Any, tmp_path: Path) -> None:
    data = b"\xff\xfe" + TEXT.encode("utf-16-le")
    (tmp_path / "source.txt").write_bytes(data)
    source = hashlib.sha256(data).hexdigest()
    store = closed_store(PASSAGE.format(source=source, chars="char=0,1", sha=digest(0, 1)))
    with pytest.raises(InputError, match="is not UTF-8"):
        verify_locators(store, SourceFolder(tmp_path))


def test_every_passage_of_the_article_verifies(graph: Any, seed: Path) -> None:
    report = verify_locators(graph.store, SourceFolder(seed))
    assert report.findings == []
    assert report.verified >= 50
    assert report.absent == {}


def test_a_letter_changed_in_the_article_is_noticed(
    graph: Any, seed: Path, article: str, tmp_path: Path
) -> None:
    # the file's own hash no longer fits, so its passages cannot be vouched for
    (tmp_path / "article.txt").write_text(article.replace("1992", "1993", 1), "utf-8")
    report = verify_locators(graph.store, SourceFolder(tmp_path))
    assert report.verified == 0
    assert report.absent["kzr:source-2023-russland-news"] >= 50
