"""The Python interface: open the graph, ask it, follow what it says.

>>> import kzgraph
>>> graph = kzgraph.open()                                        # doctest: +SKIP
>>> answer = graph.query("shared-memberships", state="Russia")    # doctest: +SKIP
>>> print(answer.to_table())                                      # doctest: +SKIP
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from copy import copy
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.errors import NoAnswerError, SourceSyntaxError, UnknownNameError, UsageError
from kzgraph.namespaces import (
    ALT_LABEL,
    EXACT_MATCH,
    PREF_LABEL,
    RDF_TYPE,
    SKOS,
    WD,
    expand,
    shrink,
)
from kzgraph.queries.catalogue import Catalogue, SavedQuery
from kzgraph.queries.parameters import bind, parse_values, show_value
from kzgraph.queries.run import Rows, process_deadline, run, run_foreign, run_in_worker
from kzgraph.snapshot.opening import ClosedSource, Snapshot, build_snapshot, open_snapshot
from kzgraph.store.memory import TripleIndex

if TYPE_CHECKING:  # each is loaded by the verb that needs it
    from kzgraph.claims.conflicts import Conflict
    from kzgraph.claims.evidence import ClaimView, EvidenceReader, SourceFolder
    from kzgraph.claims.locators import LocatorReport
    from kzgraph.claims.statistics import Statistics
    from kzgraph.queries.answers import Answer
    from kzgraph.queries.ask import Understood
    from kzgraph.queries.evidence import Backing, EdgeEvidence
    from kzgraph.queries.names import NameIndex
    from kzgraph.queries.show import Portrait
    from kzgraph.reasoning.rules import RuleSet
    from kzgraph.snapshot.build import BuildReport, Progress
    from kzgraph.snapshot.places import Places

LANGUAGES = ("en", "de", "ru", "kk")
_SUBCLASS_OF = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def _is_named(node: object) -> TypeGuard[NamedNode]:
    return isinstance(node, NamedNode)


def language_order(lang: str) -> tuple[str, ...]:
    """Return the languages in which labels are looked for, the wanted one first."""
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES, hint=f"one of {', '.join(LANGUAGES)}")
    return (lang, *(x for x in LANGUAGES if x != lang))


def name_entries(graph: TripleIndex) -> Iterator[Any]:
    """Yield the names of everything in a graph, for the index of names."""
    from kzgraph.queries.name_table import NameEntry

    parents: dict[NamedNode, list[NamedNode]] = {}
    for child, parent in graph.pairs(_SUBCLASS_OF):
        if isinstance(child, NamedNode) and isinstance(parent, NamedNode):
            parents.setdefault(child, []).append(parent)

    @cache
    def line(classes: tuple[NamedNode, ...]) -> tuple[str, ...]:
        seen: dict[NamedNode, None] = dict.fromkeys(classes)
        for cls in (queue := list(seen)):
            for parent in parents.get(cls, ()):
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        return tuple(shrink(cls.value) for cls in seen)

    notation = NamedNode(SKOS + "notation")
    for node in list(graph.subjects()):
        if not isinstance(node, NamedNode):
            continue
        classes = line(tuple(c for c in graph.types(node) if isinstance(c, NamedNode)))
        if not classes:
            continue
        named = False
        for predicate, kind in ((PREF_LABEL, "pref"), (ALT_LABEL, "alt"), (notation, "notation")):
            for value in graph.objects(node, predicate):
                if isinstance(value, Literal):
                    named = True
                    yield NameEntry(node.value, value.value, value.language or "", kind, classes)  # type: ignore[arg-type]
        for link in graph.objects(node, EXACT_MATCH):
            if isinstance(link, NamedNode) and link.value.startswith(WD):
                yield NameEntry(node.value, link.value[len(WD) :], "", "qid", classes)
        if not named:
            yield NameEntry(node.value, shrink(node.value), "", "curie", classes)


def _write_names(connection: sqlite3.Connection, graph: TripleIndex) -> None:
    from kzgraph.queries.name_table import write_names

    write_names(connection, name_entries(graph))


def _write_catalogue(connection: sqlite3.Connection, graph: TripleIndex) -> None:
    from kzgraph.queries.catalogue import load_catalogue
    from kzgraph.resources import folder

    catalogue = load_catalogue(folder("queries"))
    connection.execute("CREATE TABLE queries (name TEXT PRIMARY KEY, data TEXT NOT NULL)")
    connection.executemany(
        "INSERT INTO queries VALUES (?, ?)",
        ((data["name"], json.dumps(data, ensure_ascii=False)) for data in catalogue.to_json()),
    )


EXTRAS = (_write_names, _write_catalogue)


def _source_folder(sources: Path | str | None) -> SourceFolder | None:
    if sources is None:
        return None
    from kzgraph.claims.evidence import SourceFolder

    return SourceFolder(Path(sources))


class KnowledgeGraph:
    """The closed graph, with everything that can be asked of it.

    ``lang`` is the language of labels; ``sources`` a folder with the files that
    passages point into, so that their text is shown; ``limit`` the seconds that
    a query may take. In a program a query that runs over is ended in a process
    of its own; the command ends itself (``in_command``).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        lang: str = "en",
        sources: Path | str | None = None,
        limit: float = 30.0,
        in_command: bool = False,
    ) -> None:
        self.snapshot = snapshot
        self.languages = language_order(lang)
        self.limit = limit
        self.in_command = in_command
        self._sources = _source_folder(sources)

    def in_language(self, lang: str) -> KnowledgeGraph:
        """Return the same graph with labels in another language."""
        other = copy(self)
        other.languages = language_order(lang)
        for name in ("reader", "backing"):
            other.__dict__.pop(name, None)
        return other

    @cached_property
    def reader(self) -> EvidenceReader:
        """Reads claims and passages in the chosen language."""
        from kzgraph.claims.evidence import EvidenceReader

        return EvidenceReader(self.snapshot.store, languages=self.languages, sources=self._sources)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The saved queries."""
        rows = self.snapshot.index.connection.execute("SELECT data FROM queries ORDER BY name")
        return Catalogue.from_json([json.loads(row[0]) for row in rows])

    def saved_query(self, name: str) -> SavedQuery:
        """Return one saved query.

        Raises UnknownNameError with the nearest names.
        """
        row = self.snapshot.index.connection.execute(
            "SELECT data FROM queries WHERE name = ?", (name,)
        ).fetchone()
        return SavedQuery.from_json(json.loads(row[0])) if row else self.catalogue.get(name)

    @cached_property
    def names(self) -> NameIndex:
        """The index of names."""
        from kzgraph.queries.names import NameIndex

        return NameIndex(self.snapshot.index.connection)

    def resolve(self, name: str, cls: NamedNode | None = None) -> NamedNode:
        """Return the thing of a name: a label in any language, CURIE, IRI or QID.

        Raises UnknownNameError with the nearest names, AmbiguousNameError with the
        candidates. ``cls`` restricts what it can be.
        """
        node = self._written(name)
        if node is not None and (cls is None or cls in self.snapshot.store.objects(node, RDF_TYPE)):
            return node
        return self.names.resolve(
            name, cls=shrink(cls.value) if cls else None, lang=self.languages[0]
        )

    def _written(self, name: str) -> NamedNode | None:
        """Return the thing that is named by its CURIE, without the index of names."""
        prefix, _, local = name.partition(":")
        if prefix != "kzr" or not local.replace("-", "").isalnum():
            return None
        node = expand(name)
        return node if self.snapshot.store.one(node, RDF_TYPE) is not None else None

    def query(
        self,
        name: str,
        *,
        evidence: bool = False,
        max_rows: int | None = None,
        **parameters: object,
    ) -> Answer:
        """Run a saved query and return its answer.

        Parameters are given by name: a text (a name of a thing, a date, a number),
        a term, or a list of these.

        Raises UnknownNameError for a query, parameter or thing that is not there.
        """
        return self.run_query(name, parameters, evidence=evidence, max_rows=max_rows)

    def run_query(
        self,
        name: str,
        parameters: Mapping[str, object],
        *,
        evidence: bool = False,
        max_rows: int | None = None,
    ) -> Answer:
        """Run a saved query as ``query`` does, with the parameters in a mapping."""
        query = self.saved_query(name)
        values: dict[str, Any] = {}
        for key, given in parameters.items():
            if key not in query.params:
                raise UnknownNameError(
                    f"parameter of {name}",
                    key,
                    query.params,
                    hint=f"it takes {', '.join(query.params)}" if query.params else "it takes none",
                )
            param = query.params[key]
            if isinstance(given, (NamedNode, Literal)):
                values[key] = given
            else:
                texts = (
                    [str(g) for g in given] if isinstance(given, (list, tuple)) else [str(given)]
                )
                values[key] = [v for text in texts for v in parse_values(param, text, self.resolve)]
        text = bind(query, values)
        with self._bounded():
            rows = run(self.snapshot.store, text, max_rows=max_rows, path=query.path)
        return self._answer(query, rows, values, evidence=evidence, text=text)

    def _bounded(self) -> AbstractContextManager[None]:
        return process_deadline(self.limit if self.in_command else None)

    def sparql(
        self,
        text: str,
        *,
        max_rows: int | None = None,
        path: str = "-e",
        allow_service: bool = False,
    ) -> Answer:
        """Run free SPARQL and return its answer; known prefixes are added.

        Raises QueryRefusedError for updates and SERVICE, SourceSyntaxError with the
        place, LimitError when it takes too long.
        """
        self._refuse_unknown_terms(text, path=path, allow_service=allow_service)
        if self.in_command:
            with self._bounded():
                rows = run_foreign(
                    self.snapshot.store,
                    text,
                    max_rows=max_rows,
                    path=path,
                    allow_service=allow_service,
                )
        else:
            rows = run_in_worker(
                self.snapshot.folder / "store",
                text,
                self.limit,
                max_rows=max_rows,
                path=path,
                allow_service=allow_service,
            )
        return self._answer(None, rows, {}, evidence=False, text=text)

    def _refuse_unknown_terms(self, text: str, *, path: str, allow_service: bool) -> None:
        """Raise SourceSyntaxError for a term of our namespaces that nothing in the graph bears.

        One missing letter would otherwise end in "no rows", which reads like an answer.
        """
        from kzgraph.queries.guard import check_query, unknown_terms

        facts = check_query(text, path=path, allow_service=allow_service)
        store = self.snapshot.store
        used = {use.iri for use in facts.terms}
        known = {iri for iri in used if store.mentions(NamedNode(iri))}
        if not unknown_terms(facts, known):
            return
        known |= {
            t.subject.value for t in store.match(None, RDF_TYPE, None) if _is_named(t.subject)
        }
        first = unknown_terms(facts, known)[0]
        raise SourceSyntaxError(
            f"{first.text} is not in the graph",
            path=path,
            line=first.line,
            column=first.column,
            source_line=text.split("\n")[first.line - 1],
            hint=f"did you mean {first.nearest}?" if first.nearest else "",
        )

    def ask(self, question: str, *, evidence: bool = False) -> tuple[Understood, Answer]:
        """Understand a question, run the saved query it means, return both.

        Raises NotUnderstoodError with the nearest questions.
        """
        understood = self.understand(question)
        answer = self.run_query(understood.query.name, understood.parameters, evidence=evidence)
        return understood, answer

    def understand(self, question: str) -> Understood:
        """Return the saved query and the parameters that a question means."""
        from kzgraph.queries.ask import understand

        asked = [q for q in self.catalogue if not q.is_quality]
        return understand(question, asked, self.names, lang=self.languages[0])

    def _answer(
        self,
        query: SavedQuery | None,
        rows: Rows,
        values: Mapping[str, Any],
        *,
        evidence: bool,
        text: str = "",
    ) -> Answer:
        from kzgraph.queries.answers import Answer

        parameters: dict[str, tuple[Any, ...]] = {}
        if query is not None:
            for name, param in query.params.items():
                given = values.get(name)
                if given is None and param.default is not None:
                    given = parse_values(param, param.default, self.resolve)
                if given is not None:
                    terms = given if isinstance(given, list) else [given]
                    parameters[name] = tuple(terms)
        parts: tuple[tuple[Any, ...], ...] = ()
        if evidence and query is not None:
            parts = self.backing.rows(query, rows, text)
        labels = self.labels(
            cell
            for cells in (*rows.rows, *parameters.values())
            for cell in cells
            if isinstance(cell, NamedNode)
        )
        question = ""
        if query is not None:
            shown = {
                name: ", ".join(
                    labels.get(t.value, show_value(t)) if isinstance(t, NamedNode) else t.value
                    for t in terms
                )
                for name, terms in parameters.items()
            }
            question = query.question(self.languages[0], shown)
        at = parameters.get("at")
        return Answer(
            query=query.name if query is not None else text,
            columns=rows.columns,
            rows=rows.rows,
            question=question,
            parameters=parameters,
            as_of=at[0].value if at else None,
            labels=labels,
            evidence=parts,
            truncated=rows.truncated,
            release=self.release,
            statements=rows.triples(),
            empty=query.empty if query is not None else "",
            language=self.languages[0],
        )

    def question_of(self, query: SavedQuery) -> str:
        """Return a saved query's question with the names of its defaults."""
        shown = {}
        for name, param in query.params.items():
            if param.default is not None and param.type == "iri":
                terms = parse_values(param, param.default, self.resolve)
                shown[name] = ", ".join(
                    self.snapshot.store.label(term, self.languages) for term in terms
                )
        return query.question(self.languages[0], shown)

    @property
    def release(self) -> str:
        """What the answers rest on: the first digits of the data's digest."""
        return self.snapshot.digest[:12]

    @cached_property
    def backing(self) -> Backing:
        """Finds what stands behind rows and edges."""
        from kzgraph.queries.evidence import Backing

        return Backing(ClosedSource(self.snapshot), self.rules, self.reader, self.place_of)

    @cached_property
    def rules(self) -> RuleSet:
        """The rules that the ontology was compiled to."""
        from kzgraph.reasoning.rules import RuleSet

        return RuleSet.from_json(self.snapshot.index.meta("rules"))

    @cached_property
    def _places(self) -> Places:
        from kzgraph.snapshot.places import Places

        return Places(self.snapshot.index)

    def place_of(self, triple: Triple) -> str:
        """Return file and line where a triple is written, empty where it is in no file."""
        place = self._places.of(triple)
        return str(place) if place else ""

    def labels(self, nodes: Iterable[NamedNode]) -> dict[str, str]:
        """Return what things are called; those without a label are left out."""
        found: dict[str, str] = {}
        for node in nodes:
            if node.value not in found:
                label = self.snapshot.store.label(node, self.languages)
                if label != shrink(node.value):
                    found[node.value] = label
        return found

    def show(self, name: str) -> Portrait:
        """Return all that is known of a thing."""
        from kzgraph.queries.show import portray

        return portray(self.resolve(name), self.reader)

    def explain(
        self, subject: str, predicate: str, object_: str, *, every: bool = False
    ) -> EdgeEvidence:
        """Return the least proof of a statement, with ``every`` its other last steps too.

        Raises NotEntailedError when it does not hold.
        """
        triple = self.statement(subject, predicate, object_)
        self._explainable(triple)
        return self.backing.edge(triple, limit=20 if every else 1)

    def statement(self, subject: str, predicate: str, object_: str) -> Triple:
        """Return the triple that three names mean."""
        from kzgraph.queries.terms import object_of, property_of

        return Triple(
            self.resolve(subject),
            property_of(predicate, self.snapshot.store, self.languages),
            object_of(object_, self.resolve),
        )

    def _explainable(self, triple: Triple) -> None:
        """Say why a statement that stands in the store took no part in inference."""
        subject = triple.subject
        if not isinstance(subject, NamedNode) or not self.snapshot.store.contains(triple):
            return
        reason = self.snapshot.index.why_withheld(subject.value)
        if reason:
            raise NoAnswerError(
                f"{shrink(subject.value)} is in the data but takes no part in inference: {reason}",
                hint=f"kzgraph claims --about {shrink(subject.value)} shows who says it",
            )
        if self.snapshot.index.is_computed(triple):
            raise NoAnswerError(
                "the build computed this statement from the data; there is no proof by rules",
                hint=f"kzgraph show {shrink(subject.value)} shows what it comes from",
            )

    def claims(
        self, *, stance: str | None = None, about: str | None = None, by: str | None = None
    ) -> list[ClaimView]:
        """Return the claims of a stance, about a thing, by a claimant, in the order of passages."""
        from kzgraph.claims.listing import list_claims

        return list_claims(
            self.reader,
            stance=stance,
            about=self.resolve(about) if about else None,
            by=self.resolve(by) if by else None,
        )

    def conflicts(self, *, about: str | None = None) -> list[Conflict]:
        """Return where sources disagree."""
        from kzgraph.claims.conflicts import conflicts

        return conflicts(self.reader, about=self.resolve(about) if about else None)

    def statistics(self) -> Statistics:
        """Return how much there is, who says it, and how well it stands."""
        from kzgraph.claims.statistics import statistics

        return statistics(self.snapshot.store, self.conflicts())

    def verify_locators(self) -> LocatorReport:
        """Return whether passages still say what was read; needs ``sources``."""
        from kzgraph.claims.locators import verify_locators

        if self._sources is None:
            raise UsageError(
                "verify-locators needs the folder with the source files", hint="--sources DIR"
            )
        return verify_locators(self.snapshot.store, self._sources)

    def to_rdflib(self) -> Any:
        """Return the closed graph as an rdflib Graph."""
        import io

        from pyoxigraph import RdfFormat, serialize
        from rdflib import Graph

        data = serialize(self.snapshot.store.match(None, None, None), format=RdfFormat.N_TRIPLES)
        return Graph().parse(io.BytesIO(data or b""), format="nt")


def open(
    *,
    lang: str = "en",
    sources: Path | str | None = None,
    limit: float = 30.0,
    reasoner: str | None = None,
    progress: Progress | None = None,
    in_command: bool = False,
) -> KnowledgeGraph:
    """Open the graph of the shipped data, building its snapshot first if need be.

    ``reasoner`` is ``kzgraph`` or ``owlrl``; without it the snapshot that is there will do.
    """
    language_order(lang)
    snapshot = open_snapshot(reasoner=reasoner, extras=EXTRAS, progress=progress)
    return KnowledgeGraph(snapshot, lang=lang, sources=sources, limit=limit, in_command=in_command)


def build(*, reasoner: str = "kzgraph", progress: Progress | None = None) -> BuildReport:
    """Build the snapshot anew and return what was done."""
    return build_snapshot(reasoner=reasoner, extras=EXTRAS, progress=progress)
