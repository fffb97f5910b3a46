"""The article, sentence by sentence: every sentence has its claims, and none is copied."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kzgraph import resources
from kzgraph.namespaces import kz, kzr
from kzgraph.store.memory import TripleIndex

TABLE = resources.folder("data") / "sources" / "russland-news-2023.sentences.tsv"
ROOT = Path(__file__).resolve().parents[2]
STEM = "said-rn2023-p"
WORD = re.compile(r"\w+")
RUN = 6  # words in a row that make a copy


def sentences() -> list[dict[str, str]]:
    """Return the rows of the sentence table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = sentences()


def passage_of(row: dict[str, str]) -> str:
    """Return the local name of a row's passage."""
    return f"{STEM}{int(row['paragraph']):02d}-s{int(row['sentence']):02d}"


@pytest.fixture(scope="module")
def claims(graph: Any) -> Counter[str]:
    """How many claims are named after each passage of the article."""
    index: TripleIndex = graph.closed.asserted
    found: Counter[str] = Counter()
    for claim, _ in index.pairs(kz("stance")):
        name = str(claim.value).rpartition("/")[2]
        if name.startswith(STEM):
            found[name.rpartition("-c")[0]] += 1
    return found


def test_the_table_holds_the_article_from_its_first_to_its_last_character() -> None:
    ends = [(int(r["start"]), int(r["end"])) for r in ROWS]
    assert ends[0][0] == 0
    assert ends[-1][1] == 7513
    for (_, end), (start, _) in pairwise(ends):
        assert end <= start <= end + 1  # a blank or nothing lies between two sentences


def test_sentences_are_numbered_from_one_in_each_paragraph() -> None:
    numbers: dict[int, list[int]] = {}
    for row in ROWS:
        numbers.setdefault(int(row["paragraph"]), []).append(int(row["sentence"]))
    assert list(numbers) == list(range(1, 17))
    for paragraph, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), paragraph


@pytest.mark.parametrize("row", ROWS, ids=passage_of)
def test_a_sentence_has_claims_or_the_reason_why_it_has_none(
    row: dict[str, str], claims: Counter[str]
) -> None:
    found = claims[passage_of(row)]
    assert found == int(row["claims"])
    assert found or row["note"].strip()


def test_no_claim_is_named_after_a_sentence_that_is_not_in_the_table(claims: Counter[str]) -> None:
    assert set(claims) <= {passage_of(row) for row in ROWS}


def test_the_article_says_some_two_hundred_things(claims: Counter[str]) -> None:
    assert 180 <= sum(claims.values()) <= 260


def test_a_passage_lies_where_the_table_says(graph: Any) -> None:
    index: TripleIndex = graph.closed.asserted
    for row in ROWS:
        if int(row["claims"]) == 0:
            continue
        node = kzr(passage_of(row))
        found = {
            name: [getattr(o, "value", "") for o in index.objects(node, kz(name))]
            for name in ("chars", "passageSha256", "paragraph", "sentence")
        }
        assert found == {
            "chars": [f"char={row['start']},{row['end']}"],
            "passageSha256": [row["sha256"]],
            "paragraph": [row["paragraph"]],
            "sentence": [row["sentence"]],
        }


def test_the_table_s_hashes_are_those_of_the_text(article: str) -> None:
    assert len(article) == 7513
    for row in ROWS:
        text = article[int(row["start"]) : int(row["end"])]
        assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"], passage_of(row)
        assert text == text.strip(), passage_of(row)


def test_every_claim_of_the_article_cites_a_passage_of_the_article(graph: Any) -> None:
    index: TripleIndex = graph.closed.asserted
    for claim, cited in index.pairs(kz("evidence")):
        name = str(claim.value).rpartition("/")[2]
        if name.startswith(STEM):
            assert str(cited.value).rpartition("/")[2].startswith(STEM), name


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield the text files that the repository ships, with their texts."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            try:
                yield name, path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                continue


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of words in a text, without case and marks."""
    words = [w.casefold() for w in WORD.findall(text)]
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def test_no_file_of_the_repository_copies_six_words_in_a_row(article: str) -> None:
    copied = set(runs(article))
    firsts = {run[0] for run in copied}
    found = []
    for name, text in tracked_texts():
        words = [w.casefold() for w in WORD.findall(text)]
        for at, word in enumerate(words):
            if word in firsts and tuple(words[at : at + RUN]) in copied:
                found.append(f"{name}: {' '.join(words[at : at + RUN])}")
    assert found == []
