"""The whole of validation: read, compute, shapes, house rules, one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import expand, shrink
from kzgraph.validation.corpus import Corpus, Problem
from kzgraph.validation.hygiene import HOUSE_RULES, check_house_rules
from kzgraph.validation.report import Finding, Report
from kzgraph.validation.shapes import Shapes, check_shapes

Progress = Callable[[str], None]
LANGUAGES: Final = ("en", "de", "ru", "kk")


def validate(
    paths: Iterable[Path] | None = None,
    *,
    lang: str = "en",
    progress: Progress = lambda message: None,
) -> Report:
    """Return what is wrong in the repository, or in a user's own files.

    A user's files are looked at together with the ontology and the data of the
    project; only findings about what they describe are reported. Raises
    SourceSyntaxError for a file that is not Turtle and InputError for one that
    is not there.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES, hint=f"one of {', '.join(LANGUAGES)}")
    progress("reading the files")
    return report_on(Corpus.read(paths), lang=lang, progress=progress)


def report_on(
    corpus: Corpus, *, lang: str = "en", progress: Progress = lambda message: None
) -> Report:
    """Return what is wrong in the wanted texts of a corpus."""
    progress("checking the house rules")
    problems = list(check_house_rules(corpus))
    progress(f"running the shapes over {len(corpus.data)} statements")
    nodes = None if corpus.whole else sorted(corpus.wanted_nodes, key=str)
    problems += check_shapes(corpus, corpus.closed.computed, nodes=nodes)
    findings = put_into_words(corpus, problems, lang)
    rules = len(Shapes(corpus.shapes).rules) + len(HOUSE_RULES)
    return Report(findings, len(corpus.wanted), rules, lang)


def put_into_words(corpus: Corpus, problems: Iterable[Problem], lang: str) -> list[Finding]:
    """Return the problems of the wanted texts as findings, in the order of files and lines."""
    shapes = Shapes(corpus.shapes)
    undescribed = {p.value for p in problems if p.rule == "thing-undescribed"}
    found: dict[Finding, None] = {}
    for problem in problems:
        if not corpus.whole and problem.node and problem.node not in corpus.wanted_nodes:
            continue
        # that a thing nobody describes is of no class goes without saying
        if problem.rule.startswith("kzsh:") and problem.value in undescribed and problem.value:
            continue
        source, line, column = corpus.place(problem)
        if source is None or (not corpus.whole and source not in corpus.wanted):
            continue
        if problem.rule.startswith("kzsh:"):
            rule = expand(problem.rule)
            severity = shapes.severity(rule)
            message, hint = shapes.message(rule, lang), shapes.hint(rule, lang)
        else:
            house = HOUSE_RULES[problem.rule]
            severity = house.severity
            message = house.message(lang, problem.details)
            hint = house.hint(lang, problem.details)
        node = problem.node
        finding = Finding(
            severity=severity,
            path=problem.path or source.name,
            line=line,
            column=column,
            rule=problem.rule,
            message=message,
            hint=hint,
            node=shrink(node.value) if isinstance(node, NamedNode) else "",
            label=corpus.label(node, lang).strip(),
            property=shrink(problem.predicates[0].value) if len(problem.predicates) == 1 else "",
            value=", ".join(
                corpus.show(value, lang) for value in problem.values or [problem.value] if value
            ),
        )
        found[finding] = None
    return sorted(found, key=Finding.sort_key)
