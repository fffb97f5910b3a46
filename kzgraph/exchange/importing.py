"""Importing a table: read, plan, check against shapes and house rules, compare, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kzgraph import resources
from kzgraph.claims.conflicts import Conflict, conflicts
from kzgraph.claims.evidence import EvidenceReader
from kzgraph.claims.gate import ACCEPTED, REVIEW_STATE
from kzgraph.exchange.inventory import Inventory
from kzgraph.exchange.mapping import Mapping, read_mapping
from kzgraph.exchange.planning import Plan, plan_table
from kzgraph.exchange.tables import Problem, TableError, read_table
from kzgraph.exchange.writing import merged_texts, write_texts
from kzgraph.namespaces import expand, shrink
from kzgraph.snapshot.closing import close_graph
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import TripleIndex
from kzgraph.validation.corpus import DATA, Corpus, SourceText
from kzgraph.validation.validator import report_on

Progress = Callable[[str], None]


@dataclass
class ImportReport:
    """What an import added, found there already, left out, and where sources then disagree."""

    table: str
    mapping: str
    added: dict[str, int]
    known: dict[str, int]
    files: list[str]
    problems: list[Problem]
    left_out: list[int]
    conflicts: list[Conflict] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    written: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "table": self.table,
            "mapping": self.mapping,
            "written": self.written,
            "added": self.added,
            "known": self.known,
            "files": self.files,
            "left_out": self.left_out,
            "problems": [p.to_json() for p in self.problems],
            "conflicts": [c.to_json() for c in self.conflicts],
            "claims": self.claims,
            "warnings": self.warnings,
        }


def import_table(
    table: Path,
    mapping: Path,
    *,
    dry_run: bool = False,
    partial: bool = False,
    accept: bool = False,
    check: bool = True,
    progress: Progress = lambda message: None,
) -> ImportReport:
    """Turn a table into statements of the data and return what was done.

    Every claim is ``proposed`` unless ``accept`` says that the table has been
    reviewed. ``dry_run`` writes nothing and looks for conflicts; ``partial`` leaves
    out the rows with problems instead of refusing the table; ``check`` holds what is
    new against the shapes and the house rules before it is written. Raises TableError
    with all problems, MappingError, and InputError for files that cannot be read.
    """
    rules = read_mapping(mapping)
    read = read_table(table, delimiter=rules.delimiter, quoted=rules.quoted)
    progress("reading what is there")
    corpus = Corpus.read()
    inventory = Inventory(corpus)
    progress(f"reading {len(read.rows)} rows")
    review = "accepted" if accept else "proposed"
    plan = plan_table(read, rules, inventory, review=review)
    if plan.problems and not partial:
        raise TableError(plan.problems)
    folder = resources.folder("data")
    texts = merged_texts(folder, plan.additions)
    report = _report(plan, rules, texts, folder)
    if check and texts:
        progress(f"checking {sum(len(t) for t in plan.additions.values())} new statements")
        found, report.warnings = _check(corpus, texts, plan)
        if found:
            raise TableError(found)
    if dry_run:
        progress("comparing with what is there")
        report.conflicts = _new_conflicts(corpus, plan)
        return report
    write_texts(texts)
    report.written = bool(texts)
    return report


def accept(names: Iterable[str], *, progress: Progress = lambda message: None) -> list[NamedNode]:
    """Accept proposed claims, given by name or all those of a source; return which.

    A name is a claim, a passage or a source. Raises UsageError where a name is none
    of them or has nothing to accept.
    """
    from kzgraph.errors import UsageError
    from kzgraph.exchange.inventory import EVIDENCE, IN_SOURCE, NamingError
    from kzgraph.namespaces import kz, kzv
    from kzgraph.rdf.files import read_text
    from kzgraph.rdf.turtle import format_turtle

    progress("reading what is there")
    corpus = Corpus.read()
    inventory, data = Inventory(corpus), corpus.data
    proposed = kzv("review-proposed")
    wanted: list[NamedNode] = []
    for name in names:
        try:
            node = inventory.find(name)
        except NamingError as problem:
            raise UsageError(problem.message, hint=problem.hint) from problem
        passages = [node, *data.subjects_of(IN_SOURCE, node)]
        claims = [node] + [c for p in passages for c in data.subjects_of(EVIDENCE, p)]
        found = [
            c
            for c in claims
            if isinstance(c, NamedNode) and data.node(c, kz("reviewState")) == proposed
        ]
        if not found:
            raise UsageError(
                f"{name} has no proposed claim", hint="see kzgraph query proposed-claims"
            )
        wanted += found
    chosen = dict.fromkeys(wanted)
    texts: dict[Path, str] = {}
    for path in {inventory.file_of[c] for c in chosen}:
        file = resources.folder("data") / f"{path}.ttl"
        lines = read_text(file).split("\n")
        subject = ""
        for number, line in enumerate(lines):
            if line and not line[0].isspace():
                subject = line.strip()
            elif line.strip() == "kz:reviewState kzv:review-proposed ;" and _named(subject, chosen):
                lines[number] = line.replace("review-proposed", "review-accepted")
        texts[file] = format_turtle("\n".join(lines), path=str(file))
    write_texts(texts)
    return list(chosen)


def _named(subject: str, chosen: dict[NamedNode, None]) -> bool:
    return ":" in subject and expand(subject) in chosen


def _report(plan: Plan, rules: Mapping, texts: dict[Path, str], folder: Path) -> ImportReport:
    return ImportReport(
        table=plan.table,
        mapping=rules.title or rules.path,
        added=dict(sorted(plan.added.items())),
        known=dict(sorted(plan.known.items())),
        files=[path.relative_to(folder.parent).as_posix() for path in texts],
        problems=plan.problems,
        left_out=plan.left_out,
        claims=[shrink(c.value) for c in plan.claims],
    )


def _check(corpus: Corpus, texts: dict[Path, str], plan: Plan) -> tuple[list[Problem], list[str]]:
    """Return what the shapes and the house rules have against the new statements, by row."""
    root = resources.home()
    replaced = {
        path: SourceText(
            path,
            path.relative_to(root).as_posix(),
            DATA,
            text,
            [q.triple for q in parse(text, format=RdfFormat.TURTLE)],
            {},
        )
        for path, text in texts.items()
    }
    others = [text for text in corpus.texts if text.path not in replaced]
    whole = Corpus([*others, *replaced.values()], wanted=replaced.values())
    whole.whole = False
    whole.wanted_nodes = frozenset(
        t.subject for t in plan.triples if not isinstance(t.subject, Triple)
    )
    problems, warnings = [], []
    for finding in report_on(whole).findings:
        if finding.rule == "kzsh:RelatorShape-accepted":
            continue  # what is proposed is meant to wait
        node = expand(finding.node) if finding.node else None
        row = plan.rows.get(node) if node is not None else None
        line = row.line if row else 0
        what = f"{finding.node}: {finding.message} [{finding.rule}]"
        if finding.value:
            what += f" Here: {finding.value}"
        problem = Problem(plan.table, line, finding.property, what, finding.hint)
        if finding.severity == "error":
            problems.append(problem)
        else:
            warnings.append(str(problem))
    return sorted(problems, key=lambda p: p.row), warnings


def _new_conflicts(corpus: Corpus, plan: Plan) -> list[Conflict]:
    """Return the conflicts that the new relators would take part in, were they accepted."""
    new = [
        Triple(t.subject, REVIEW_STATE, ACCEPTED) if t.predicate == REVIEW_STATE else t
        for t in plan.triples
    ]
    closed = close_graph(corpus.ontology, [*corpus.data, *new])
    whole = TripleIndex(closed.asserted)
    whole.add(closed.computed)
    whole.add(t for t, _ in closed.closure.inferred)
    reader = EvidenceReader(EmbeddedStore.in_memory(whole), languages=("en",))
    mine = {shrink(r.value) for r in plan.relators}
    return [
        c for c in conflicts(reader) if any(p.first in mine or p.second in mine for p in c.pairs)
    ]


__all__ = ["ImportReport", "accept", "import_table"]
