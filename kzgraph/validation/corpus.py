"""The texts that are validated, their triples, and where each triple stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kzgraph import resources
from kzgraph.errors import InputError
from kzgraph.namespaces import PREF_LABEL, RDF_TYPE, RDFS, kz, shrink
from kzgraph.rdf.files import read_text
from kzgraph.rdf.turtle import Statement, statements
from kzgraph.reasoning.closure import Closure
from kzgraph.reasoning.rules import RuleSet, UnsupportedAxiomError
from kzgraph.snapshot.closing import ClosedGraph, close_graph
from kzgraph.store.memory import Subject, Term, TripleIndex
from kzgraph.temporal.bounds import TIME_PROPERTIES, BoundsFinding, derive_bounds
from kzgraph.validation.days import Days

ONTOLOGY: Final = "ontology"
SHAPES: Final = "shapes"
DATA: Final = "data"
USER: Final = "user"

CLAIM: Final = kz("Claim")
PASSAGE: Final = kz("Passage")
RELATOR: Final = kz("Relator")
SOURCE: Final = kz("SourceDocument")

RDFS_LABEL: Final = NamedNode(RDFS + "label")
SUBCLASS_OF: Final = NamedNode(RDFS + "subClassOf")
_CONTENT, _EVIDENCE, _IN_SOURCE = kz("content"), kz("evidence"), kz("inSource")
_LABELS: Final = (PREF_LABEL, RDFS_LABEL)


@dataclass(eq=False)
class SourceText:
    """A Turtle file: its text, its triples, its prefixes, and what part of the whole it is."""

    path: Path
    name: str
    kind: str
    text: str
    triples: list[Triple]
    prefixes: dict[str, str]

    @classmethod
    def read(cls, path: Path, *, name: str, kind: str) -> SourceText:
        """Return a file read and parsed.

        Raises SourceSyntaxError with the place where it is not Turtle or not UTF-8.
        """
        text = read_text(path)
        parser = parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
        try:
            triples = [quad.triple for quad in parser]
        except SyntaxError as error:
            statements(text, path=name)  # says it better: the line with a caret, a hint
            raise InputError(f"{name}: {error.msg}") from error
        return cls(path, name, kind, text, triples, dict(parser.prefixes))

    @cached_property
    def statements(self) -> list[Statement]:
        """Every triple with its place."""
        return statements(self.text, path=self.name)

    @cached_property
    def subjects(self) -> dict[Subject, None]:
        """The named things that the file says something of, in the order of the text."""
        found: dict[Subject, None] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                found[triple.subject] = None
        return found

    @cached_property
    def _places(self) -> dict[tuple[object, object, object], Statement]:
        return {(s.subject, s.predicate, s.object): s for s in reversed(self.statements)}

    @cached_property
    def _subject_lines(self) -> dict[Subject, int]:
        return {s.subject: s.subject_line for s in reversed(self.statements)}

    def line_of(
        self, node: Subject, predicates: Iterable[NamedNode] = (), value: object = None
    ) -> tuple[int, int]:
        """Return line and column of a statement, else of the subject, else of the file."""
        wanted = list(predicates)
        if value is not None:
            for predicate in wanted:
                statement = self._places.get((node, predicate, value))
                if statement is not None:
                    return statement.line, statement.column
        for statement in self.statements if wanted else ():
            if statement.subject == node and statement.predicate in wanted:
                return statement.line, statement.column
        return self._subject_lines.get(node, 1), 1


@dataclass(frozen=True)
class Problem:
    """A broken rule before it is put into words.

    ``predicates`` are where to look for the line; ``values`` are several where one
    should be; ``details`` fill the message.
    ``path`` is for a file that is not Turtle and belongs to ``source``.
    """

    rule: str
    node: Subject | None = None
    predicates: tuple[NamedNode, ...] = ()
    value: Term | None = None
    values: tuple[Term, ...] = ()
    source: SourceText | None = None
    line: int = 0
    column: int = 1
    path: str = ""
    details: dict[str, str] = field(default_factory=dict)


class Corpus:
    """All texts together, with the triples of the ontology, the shapes and the data apart.

    ``wanted`` are the texts whose findings are asked for; the others are context.
    """

    def __init__(
        self,
        texts: Iterable[SourceText],
        *,
        wanted: Iterable[SourceText] = (),
        root: Path | None = None,
    ) -> None:
        self.root = root
        self.texts = list(texts)
        self.wanted = list(wanted) or list(self.texts)
        self.whole = len(self.wanted) == len(self.texts)
        self.ontology = TripleIndex(self._triples(ONTOLOGY))
        # without the alignments, which make our things instances of other vocabularies' classes
        self.own_ontology = TripleIndex(
            triple
            for text in self.texts
            if text.kind == ONTOLOGY and "alignments" not in text.path.parts
            for triple in text.triples
        )
        self.shapes = TripleIndex(self._triples(SHAPES))
        self.data = TripleIndex(self._triples(DATA, USER))

    def _triples(self, *kinds: str) -> Iterator[Triple]:
        for text in self.texts:
            if text.kind in kinds:
                yield from text.triples

    @classmethod
    def read(cls, paths: Iterable[Path] | None = None) -> Corpus:
        """Return the repository, or files of a user together with it.

        Raises InputError for a path that is not there or not Turtle.
        """
        root = resources.home()
        texts = [
            SourceText.read(path, name=path.relative_to(root).as_posix(), kind=_kind_of(path, root))
            for kind in ("ontology", "data")
            for path in sorted((root / kind).rglob("*.ttl"))
        ]
        if paths is None:
            return cls(texts, root=root)
        by_path = {text.path.resolve(): text for text in texts}
        wanted: list[SourceText] = []
        for path in expand_folders(paths):
            known = by_path.get(path.resolve())
            if known is None:
                known = SourceText.read(path, name=str(path), kind=USER)
                _ = known.statements  # raises where it is not plain Turtle 1.1
                by_path[path.resolve()] = known
                texts.append(known)
            if known not in wanted:
                wanted.append(known)
        return cls(texts, wanted=wanted)

    @classmethod
    def of_folder(cls, root: Path) -> Corpus:
        """Return a folder laid out like the repository, and nothing else."""
        return cls(
            (
                SourceText.read(
                    path, name=path.relative_to(root).as_posix(), kind=_kind_of(path, root)
                )
                for path in sorted(root.rglob("*.ttl"))
            ),
            root=root,
        )

    @cached_property
    def files_of(self) -> dict[Subject, list[SourceText]]:
        """In which texts something is said of a thing, those that are asked for first."""
        found: dict[Subject, list[SourceText]] = {}
        for text in [*self.wanted, *(t for t in self.texts if t not in self.wanted)]:
            for subject in text.subjects:
                found.setdefault(subject, []).append(text)
        return found

    @cached_property
    def wanted_nodes(self) -> frozenset[Subject]:
        """The things whose findings are asked for."""
        return frozenset(subject for text in self.wanted for subject in text.subjects)

    @cached_property
    def parents(self) -> dict[Subject, tuple[NamedNode, ...]]:
        """Each class with itself and all classes above it, nearest first."""
        above: dict[Subject, list[NamedNode]] = {}
        for child, parent in self.own_ontology.pairs(SUBCLASS_OF):
            if isinstance(parent, NamedNode):
                above.setdefault(child, []).append(parent)
        lines: dict[Subject, tuple[NamedNode, ...]] = {}
        for start in above:
            line: list[Subject] = [start]
            for node in line:
                line += [p for p in above.get(node, ()) if p not in line]
            lines[start] = tuple(n for n in line if isinstance(n, NamedNode))
        return lines

    @cached_property
    def date_findings(self) -> list[BoundsFinding]:
        """The nodes whose dates cannot be used, and why."""
        findings: list[BoundsFinding] = []
        for _ in derive_bounds(self.data, {}, findings=findings):
            pass
        return findings

    @cached_property
    def closed(self) -> ClosedGraph:
        """The graph as the build closes it, without the dates that cannot be used."""
        undated = {finding.node for finding in self.date_findings}
        data = [
            t for t in self.data if t.subject not in undated or t.predicate not in TIME_PROPERTIES
        ]
        try:
            return close_graph(self.ontology, data)
        except UnsupportedAxiomError as error:
            self.axiom_error = error
            return close_graph(
                self.ontology, data, closer=lambda *_: Closure([], []), rules=RuleSet((), (), ())
            )

    @cached_property
    def days(self) -> Days:
        """When the relators begin and end."""
        return Days(TripleIndex(self.closed.computed))

    @cached_property
    def sources_of(self) -> dict[Subject, dict[NamedNode, list[Subject]]]:
        """In which sources each relator stands, with the claims and passages that say so."""
        found: dict[Subject, dict[NamedNode, list[Subject]]] = {}
        for claim, relator in self.data.pairs(_CONTENT):
            if isinstance(relator, Literal):
                continue
            for passage in self.data.objects(claim, _EVIDENCE):
                if isinstance(passage, Literal):
                    continue
                source = self.data.node(passage, _IN_SOURCE)
                if source is not None:
                    said = found.setdefault(relator, {}).setdefault(source, [])
                    said += [claim, passage]
        return found

    axiom_error: UnsupportedAxiomError | None = None

    def classes(self, node: Subject) -> set[NamedNode]:
        """Return the classes of a thing, as stated and those above them."""
        found: set[NamedNode] = set()
        for cls in self.data.types(node) or self.ontology.types(node):
            if isinstance(cls, NamedNode):
                found.update(self.parents.get(cls, (cls,)))
        return found

    @cached_property
    def _members(self) -> dict[NamedNode, list[Subject]]:
        found: dict[NamedNode, list[Subject]] = {}
        for node in self.data.subjects():
            for cls in self.classes(node):
                found.setdefault(cls, []).append(node)
        return found

    def instances(self, cls: NamedNode) -> Iterator[Subject]:
        """Yield the things of the data that belong to a class, in the order of the files."""
        yield from self._members.get(cls, ())

    def place(self, problem: Problem) -> tuple[SourceText | None, int, int]:
        """Return file, line and column of a problem."""
        if problem.source is not None and problem.line:
            return problem.source, problem.line, problem.column
        node = problem.node
        if node is None:
            return problem.source, 1, 1
        files = [problem.source] if problem.source else self.files_of.get(node, [])
        if not files:
            return None, 1, 1
        value = problem.values[-1] if problem.values else problem.value
        if problem.predicates:
            for file in files:
                said = [
                    t
                    for t in file.triples
                    if t.subject == node and t.predicate in problem.predicates
                ]
                if value is not None and any(t.object == value for t in said):
                    return file, *file.line_of(node, problem.predicates, value)
            for file in files:
                if any(
                    t.subject == node and t.predicate in problem.predicates for t in file.triples
                ):
                    return file, *file.line_of(node, problem.predicates)
        # a thing's own description is the best place, a link to it the worst
        file = next(
            (
                f
                for f in files
                if any(t.subject == node and t.predicate == RDF_TYPE for t in f.triples)
            ),
            files[0],
        )
        return file, *file.line_of(node)

    def label(self, node: Term | None, lang: str = "en") -> str:
        """Return what a thing is called, by its own label or by its class."""
        if not isinstance(node, NamedNode):
            return ""
        for index in (self.data, self.ontology, self.shapes):
            named = _named(index, node, lang)
            if named:
                return named
        for cls in self.data.types(node):
            if isinstance(cls, NamedNode):
                named = _named(self.ontology, cls, lang)
                if named:
                    return named
        return ""

    def show(self, term: Term | None, lang: str = "en") -> str:
        """Return a term as a reader would write it, with its label."""
        if isinstance(term, NamedNode):
            label = self.label(term, lang)
            return f"{shrink(term.value)} ({label})" if label else shrink(term.value)
        if isinstance(term, Literal):
            if term.language:
                return f'"{term.value}"@{term.language}'
            kind = shrink(term.datatype.value)
            return f'"{term.value}"' if kind == "xsd:string" else f'"{term.value}"^^{kind}'
        return "" if term is None else "[ ]"


def _named(index: TripleIndex, node: NamedNode, lang: str) -> str:
    for predicate in _LABELS:
        found = {
            o.language: o.value for o in index.objects(node, predicate) if isinstance(o, Literal)
        }
        for wanted in (lang, "en", "de"):
            if wanted in found:
                return found[wanted]
    return ""


def _kind_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).parts
    if parts[0] != "ontology":
        return DATA
    return SHAPES if "shapes" in parts else ONTOLOGY


def expand_folders(paths: Iterable[Path]) -> list[Path]:
    """Return files as they are and of folders the Turtle files in them.

    Raises InputError for a path that is not there, and for a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.ttl"))
            if not inside:
                raise InputError(f"{path} has no Turtle files", hint="they end in .ttl")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path} is not there", hint="check the spelling of the path")
    return found
