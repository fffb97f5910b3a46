"""Questions in English and German: what is understood, as what, and what is not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kzgraph.errors import AmbiguousNameError, NotUnderstoodError
from kzgraph.queries.ask import language_of, understand

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


def _catalogue():
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


@pytest.fixture(scope="module")
def catalogue():
    return _catalogue()


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


UNDERSTOOD_QUESTIONS = [question for question, *_ in _cases("understood")]


@pytest.mark.parametrize("number", range(len(UNDERSTOOD_QUESTIONS)))
@pytest.mark.parametrize("word", ["glorps", "Glorp"])
def test_unknown_word_anywhere_means_not_understood(word, number, names, catalogue):
    words = UNDERSTOOD_QUESTIONS[number].split()
    words.insert(1 + number % (len(words) - 1) if len(words) > 1 else 0, word)
    with pytest.raises(NotUnderstoodError, match=r"(?i)glorp"):
        understand(" ".join(words), catalogue, names)


@pytest.mark.parametrize("number", range(len(UNDERSTOOD_QUESTIONS)))
def test_negation_is_never_passed_over(number, names, catalogue):
    question = UNDERSTOOD_QUESTIONS[number]
    before = understand(question, catalogue, names)
    words = question.split()
    words.insert(len(words) // 2, "nicht" if before.language == "de" else "not")
    try:
        after = understand(" ".join(words), catalogue, names)
    except NotUnderstoodError:
        return
    negative = before.query.name == "treaties-signed-not-ratified"
    assert negative or after.query.name != before.query.name


@pytest.mark.parametrize(
    "question",
    [
        "", " ", "?", "???", "{state}", "Which treaties has Kazakhstan signed with {state}?",
        "\x00", "'; DROP TABLE names; --", "kzr:country-kaz", "<https://w3id.org/kzgraph/id/x>",
        "a " * 200, "🇰🇿", "2022", "Kazakhstan " * 30, "which " * 50, "und und und", "( ( ( (",
    ],
)  # fmt: skip
def test_strange_question_is_not_understood(question, names, catalogue):
    with pytest.raises(NotUnderstoodError):
        understand(question, catalogue, names)


@given(text=st.text(max_size=80))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_text_is_not_understood(text, names, catalogue):
    with pytest.raises(NotUnderstoodError):
        understand(text, catalogue, names)


@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_word_from_another_question_does_not_pass(data, names, catalogue):
    question = data.draw(st.sampled_from(UNDERSTOOD_QUESTIONS))
    other = data.draw(st.sampled_from(["leases", "denies", "Pacht", "bestreitet", "export", "Amt"]))
    try:
        before = understand(question, catalogue, names)
        after = understand(f"{other} {question}", catalogue, names)
    except NotUnderstoodError:
        return
    assert other.casefold() in question.casefold() or before.query.name in (
        "lessee-of-facility",
        "denied-claims",
    )
    assert after.query.name == before.query.name


def test_answer_says_what_it_was_understood_as(names, catalogue):
    understood = understand("Which treaties has Kazakhstan signed with China?", catalogue, names)
    assert understood.question == "Which treaties has Kazakhstan signed with China, and when?"
    assert understood.language == "en"
    assert understood.matched_names["China"].curie == "kzr:country-chn"
    assert understood.defaults == {}
    assert understood.score > 0.9


def test_default_that_was_taken_is_said(names, catalogue):
    understood = understand("How much uranium does Kazakhstan produce?", catalogue, names)
    assert understood.defaults == {"year": "2022"}


@pytest.mark.parametrize(
    ("question", "written", "thing"),
    [
        ("Which treaties has Kazakhstan signed with Uzbekitsan?", "Uzbekitsan", "country-uzb"),
        ("Which treaties has Kazkhstan signed with Russia?", "Kazkhstan", "country-kaz"),
        ("Wem gehört Rosatmo?", "Rosatmo", "company-rosatom"),
        ("Welche Staaten grenzen an Kasachtsan?", "Kasachtsan", "country-kaz"),
    ],
)
def test_slip_of_the_pen_is_corrected_and_said(question, written, thing, names, catalogue):
    understood = understand(question, catalogue, names)
    assert understood.corrected[written].curie == "kzr:" + thing


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("Which treaties has Kazakhstan signed with Slovekia?", "'Slovekia' is unknown"),
        ("Which treaties has Kazakhstan signed with Slovekia?", "Slovakia, Slovenia"),
        ("Which states are membres of the EAEU?", "did you mean members"),
        ("Who likes Kazakhstan?", r"I read: Kazakhstan \(State\); 'likes' is unknown"),
        ("Which organisations is Russia not a member of?", "I read: Russia"),
        ("Какие договоры Казахстан подписал с Россией?", "English and German"),
    ],
)
def test_message_says_what_is_unknown(question, message, names, catalogue):
    with pytest.raises(NotUnderstoodError, match=message):
        understand(question, catalogue, names)


def test_nearest_questions_carry_the_names_of_the_question(names, catalogue):
    with pytest.raises(NotUnderstoodError) as caught:
        understand("Which treaties has Kazakhstan torn up with China?", catalogue, names)
    assert caught.value.nearest[0] == "Which treaties has Kazakhstan signed with China, and when?"


def test_ambiguous_name_lists_its_candidates(names, catalogue):
    with pytest.raises(AmbiguousNameError) as caught:
        understand("What does Bush say about Russia?", catalogue, names)
    assert len(caught.value.candidates) == 2


def test_two_queries_that_fit_alike_are_both_shown(names, catalogue):
    twin = Query(
        "treaties-again",
        {"en": "What treaties did Kazakhstan sign with {state}?", "de": ""},
        {"state": Param("iri", "kz:State", "kzr:country-rus")},
    )
    with pytest.raises(NotUnderstoodError, match="more than one") as caught:
        understand("Kazakhstan's treaties signed with China", [*catalogue, twin], names)
    assert len(caught.value.nearest) == 2


def test_exact_wording_decides_between_twins(names, catalogue):
    twin = Query(
        "treaties-again",
        {"en": "What treaties did Kazakhstan sign with {state}?", "de": ""},
        {"state": Param("iri", "kz:State", "kzr:country-rus")},
    )
    question = "What treaties did Kazakhstan sign with China?"
    assert understand(question, [*catalogue, twin], names).query.name == "treaties-again"


def test_open_parameter_may_stay_open(names):
    query = Query(
        "treaties",
        {"en": "Which treaties has {state} signed with {partner}?"},
        {"state": Param("iri", "kz:State", "kzr:country-kaz"), "partner": Param("iri", "kz:State")},
    )
    understood = understand("Which treaties has Russia signed?", [query], names)
    assert understood.parameters == {"state": "kzr:country-rus"}


def test_further_wordings_lead_to_the_same_query(names):
    @dataclass(frozen=True)
    class Reworded(Query):
        also: dict[str, tuple[str, ...]] = field(default_factory=dict)

    query = Reworded(
        "owners",
        {"en": "Who holds shares of {company}?"},
        {"company": Param("iri", "kz:Company", "kzr:company-rosatom")},
        {"en": ("Whose is {company}?",)},
    )
    understood = understand("Whose is Lukoil?", [query], names)
    assert understood.query is query
    assert understood.question == "Who holds shares of Lukoil?"


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which organisations are they members of?", "en"),
        ("Welchen Organisationen gehört Kasachstan an?", "de"),
        ("Was geschah in Astana?", "de"),
        ("What was denied?", "en"),
        ("Wer besitzt Uranium One?", "de"),
        ("Who owns Uranium One?", "en"),
    ],
)
def test_language_is_known_by_its_small_words(question, lang):
    assert language_of(question) == lang


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which events happened before 2022-02-24?", "2022-02-24"),
        ("Which events happened before 24 February 2022?", "2022-02-24"),
        ("Which events happened before February 24, 2022?", "2022-02-24"),
        ("Which events happened before February 2022?", "2022-02-01"),
        ("Which events happened before 2022?", "2022-01-01"),
        ("Welche Ereignisse geschahen vor dem 24.02.2022?", "2022-02-24"),
        ("Welche Ereignisse geschahen vor dem 24. Februar 2022?", "2022-02-24"),
        ("Welche Ereignisse geschahen vor Februar 2022?", "2022-02-01"),
        ("Welche Ereignisse geschahen vor dem Jahr 2022?", "2022-01-01"),
    ],
)
def test_date_is_read_in_many_forms(question, expected, names, catalogue):
    understood = understand(question, catalogue, names)
    assert understood.query.name == "events-before"
    assert understood.parameters == {"date": expected}


@pytest.mark.parametrize("date", ["31.13.2022", "2022-13-01", "2022-02-40", "99.99.9999"])
def test_impossible_date_is_not_understood(date, names, catalogue):
    with pytest.raises(NotUnderstoodError):
        understand(f"Which events happened before {date}?", catalogue, names)


def test_question_is_understood_quickly(names, catalogue):
    started = perf_counter()
    for _ in range(5):
        understand("Which organisations are Kazakhstan and Russia members of?", catalogue, names)
    assert (perf_counter() - started) / 5 < 0.5
