from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kzgraph.errors import InputError
from kzgraph.reasoning import UnsupportedAxiomError, compile_ontology
from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.closure import close, close_ntriples
from kzgraph.reasoning.engines import entailed_by_owlrl


@pytest.fixture
def infer(turtle):
    """Close Turtle that holds axioms and data alike; return the closure."""

    def run(text):
        triples = turtle(text)
        return close(compile_ontology(triples), triples)

    return run


@pytest.fixture
def holds(turtle, infer):
    """Say whether the first text entails the triple in the second."""

    def run(text, wanted):
        (triple,) = turtle(wanted)
        return triple in {t for t, _ in infer(text).inferred}

    return run


def test_rounds_are_breadth_first_depths(form, draw_graphs, naive):
    for graph in draw_graphs(form, 12):
        asserted = {*graph.ontology, *graph.data}
        rules = compile_ontology(graph.ontology)
        expected = naive.rounds(rules, asserted)
        found = dict.fromkeys(asserted, 0) | dict(close(rules, asserted).inferred)
        assert found == expected


@pytest.mark.parametrize("length", range(1, 8))
def test_a_chain_of_any_length_is_one_step(length, turtle, infer):
    links = " ".join(f"ex:p{n}" for n in range(length))
    path = "\n".join(f"ex:x{n} ex:p{n} ex:x{n + 1} ." for n in range(length))
    closure = infer(f"ex:h owl:propertyChainAxiom ( {links} ) .\n{path}")
    assert closure.inferred == [(turtle(f"ex:x0 ex:h ex:x{length} .")[0], 1)]


def test_a_chain_needs_all_its_links(infer):
    closure = infer(
        "ex:h owl:propertyChainAxiom ( ex:p ex:q ex:r ) . ex:a ex:p ex:b . ex:b ex:q ex:c ."
    )
    assert closure.inferred == []


def test_a_relator_gives_the_direct_edge_through_an_anonymous_inverse(turtle, infer):
    closure = infer(
        """
        ex:memberOf owl:propertyChainAxiom ( [ owl:inverseOf ex:memberState ] ex:organisation ) .
        ex:m ex:memberState ex:kaz ; ex:organisation ex:eaeu .
        ex:n ex:observerState ex:kaz ; ex:organisation ex:oecd .
        """
    )
    assert closure.inferred == [(turtle("ex:kaz ex:memberOf ex:eaeu .")[0], 1)]


def test_an_edge_is_drawn_once_however_many_relators_give_it(infer):
    closure = infer(
        """
        ex:h owl:propertyChainAxiom ( ex:p ex:q ) .
        ex:a ex:p ex:m , ex:n . ex:m ex:q ex:z . ex:n ex:q ex:z .
        """
    )
    assert len(closure.inferred) == 1


def test_nothing_follows_from_an_empty_graph():
    closure = close(compile_ontology([]), [])
    assert (closure.inferred, closure.inconsistencies) == ([], [])


def test_axioms_hold_on_an_empty_graph(turtle):
    rules = compile_ontology(turtle("ex:A owl:oneOf ( ex:a ) . ex:A rdfs:subClassOf ex:B ."))
    inferred = dict(close(rules, []).inferred)
    assert inferred[turtle("ex:a a ex:A .")[0]] == 1
    assert inferred[turtle("ex:a a ex:B .")[0]] == 2


def test_cycles_and_self_loops_end(holds, infer):
    text = """
        ex:p a owl:TransitiveProperty , owl:SymmetricProperty .
        ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:C rdfs:subClassOf ex:A .
        ex:p rdfs:domain ex:A .
        ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:a . ex:d ex:p ex:d .
    """
    assert holds(text, "ex:a ex:p ex:a .")
    assert holds(text, "ex:d a ex:C .")
    assert not holds(text, "ex:a ex:p ex:d .")


def test_a_long_path_closes_in_few_rounds(infer):
    path = "\n".join(f"ex:x{n} ex:p ex:x{n + 1} ." for n in range(300))
    closure = infer(f"ex:p a owl:TransitiveProperty .\n{path}")
    assert len(closure.inferred) == 300 * 301 // 2 - 300
    assert max(number for _, number in closure.inferred) == 9


def test_literals_stay_objects(infer):
    closure = infer(
        """
        ex:p owl:inverseOf ex:q ; a owl:SymmetricProperty ; rdfs:range ex:A ;
            rdfs:subPropertyOf ex:r .
        ex:h owl:propertyChainAxiom ( ex:s ex:p ) .
        ex:a ex:p "x"@kk . ex:b ex:s ex:a .
        """
    )
    found = {triple for triple, _ in closure.inferred if triple.predicate != v.SUB_CLASS}
    literal = Literal("x", language="kk")
    ex = "https://example.org/"
    assert {t for t in found if t.object == literal} == {
        Triple(NamedNode(ex + "a"), NamedNode(ex + "r"), literal),
        Triple(NamedNode(ex + "b"), NamedNode(ex + "h"), literal),
    }
    assert not any(isinstance(triple.subject, Literal) for triple in found)


def test_blank_nodes_and_unicode_take_part(turtle, infer):
    closure = infer("ex:p rdfs:range ex:Мемлекет . _:somebody ex:p ex:Қазақстан .")
    assert closure.inferred == [(turtle("ex:Қазақстан a ex:Мемлекет .")[0], 1)]


def test_what_holds_of_everything_is_not_drawn(infer):
    closure = infer(
        """
        ex:A a owl:Class ; rdfs:subClassOf owl:Thing . ex:p rdfs:domain owl:Thing .
        ex:B rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom owl:Thing ] .
        ex:a a ex:A ; ex:p ex:b .
        """
    )
    assert closure.inferred == []


def test_asserted_triples_are_not_inferred_again(infer):
    closure = infer("ex:A rdfs:subClassOf ex:B . ex:a a ex:A , ex:B .")
    assert closure.inferred == []


def test_equals_share_what_is_said_of_them(turtle, holds):
    text = "ex:p rdfs:domain ex:A . ex:a owl:sameAs ex:b . ex:b ex:p ex:c . ex:d ex:q ex:a ."
    for wanted in ("ex:a ex:p ex:c", "ex:a a ex:A", "ex:d ex:q ex:b", "ex:b owl:sameAs ex:a"):
        assert holds(text, wanted + " .")


@pytest.mark.parametrize(
    ("equal", "reason"),
    [
        ("ex:a owl:sameAs ex:A .", "ex:A|A> has a meaning"),
        ("ex:p owl:sameAs ex:a .", "p> has a meaning"),
        ("ex:q owl:sameAs ex:a .", "q> has a meaning"),
        ('ex:a owl:sameAs "x" .', "a thing is no literal"),
    ],
)
def test_equating_terms_of_the_ontology_is_refused(infer, equal, reason):
    with pytest.raises(UnsupportedAxiomError, match=reason):
        infer(f"ex:p rdfs:domain ex:A . ex:a ex:p ex:b ; ex:q ex:c . {equal}")


def test_a_thing_may_be_said_to_be_itself(infer):
    assert infer("ex:p rdfs:domain ex:A . ex:a owl:sameAs ex:a .").inferred == []


@pytest.mark.parametrize(
    "stray",
    [
        "ex:B rdfs:subClassOf ex:C .",
        "ex:p a owl:SymmetricProperty .",
        "ex:p a owl:FunctionalProperty .",
        "ex:A owl:hasKey ( ex:p ) .",
    ],
)
def test_an_axiom_among_the_data_is_refused(turtle, stray):
    rules = compile_ontology(turtle("ex:A rdfs:subClassOf ex:B ."))
    with pytest.raises(UnsupportedAxiomError, match="axiom among the data"):
        close(rules, turtle("ex:a a ex:A . " + stray))


def test_the_ontologys_own_axioms_may_be_among_the_data(turtle):
    ontology = turtle("ex:A rdfs:subClassOf ex:B ; rdfs:label 'a' ; a owl:Class .")
    closure = close(compile_ontology(ontology), [*ontology, *turtle("ex:a a ex:A .")])
    assert [t for t, _ in closure.inferred] == turtle("ex:a a ex:B .")


# owlrl overlooks the last member of some lists: g:last is there for it
CONTRADICTIONS = {
    "cax-dw": ("g:A owl:disjointWith g:B .", "g:i a g:A , g:B .", "g:i a g:A . g:j a g:B ."),
    "cax-dw inferred": (
        "g:A owl:disjointWith g:B . g:C rdfs:subClassOf g:A . g:p rdfs:range g:B .",
        "g:i a g:C . g:j g:p g:i .",
        "g:i a g:C ; g:p g:j .",
    ),
    "cls-com": ("g:A owl:complementOf g:B .", "g:i a g:A , g:B .", "g:i a g:A ."),
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members ( g:A g:B g:C ) .",
        "g:i a g:A , g:C .",
        "g:i a g:A . g:j a g:C .",
    ),
    "eq-diff1": ("", "g:i owl:sameAs g:j . g:j owl:differentFrom g:i .", "g:i owl:sameAs g:j ."),
    "eq-diff2": (
        "[] a owl:AllDifferent ; owl:members ( g:i g:j g:k g:last ) .",
        "g:i owl:sameAs g:m . g:m owl:sameAs g:k .",
        "g:i owl:sameAs g:m .",
    ),
    "eq-diff3": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( g:i g:j g:last ) .",
        "g:j owl:sameAs g:i .",
        "g:m owl:sameAs g:l .",
    ),
    "prp-irp": ("g:p a owl:IrreflexiveProperty .", "g:i g:p g:i .", "g:i g:p g:j ."),
    "prp-asyp": (
        "g:p a owl:AsymmetricProperty .",
        "g:i g:p g:j . g:j g:p g:i .",
        "g:i g:p g:j .",
    ),
    "prp-pdw": (
        "g:p owl:propertyDisjointWith g:q .",
        "g:i g:p g:j ; g:q g:j .",
        "g:i g:p g:j . g:j g:q g:i .",
    ),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( g:p g:q g:last ) .",
        "g:i g:p g:j ; g:q g:j .",
        "g:i g:p g:j ; g:q g:k .",
    ),
    "cls-nothing2": ("g:A rdfs:subClassOf owl:Nothing .", "g:i a g:A .", "g:i a g:B ."),
    "prp-npa1": (
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual g:i ;"
        " owl:assertionProperty g:p ; owl:targetIndividual g:j .",
        "g:i g:p g:j .",
        "g:j g:p g:i .",
    ),
    "prp-npa2": (
        "[] owl:sourceIndividual g:i ; owl:assertionProperty g:p ; owl:targetValue 'x' .",
        "g:i g:p 'x' .",
        "g:i g:p 'y' .",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_found_where_owlrl_finds_one(name, turtle):
    axioms, bad, good = CONTRADICTIONS[name]
    ontology = turtle(axioms)
    rules = compile_ontology(ontology)
    for data, expected in ((bad, True), (good, False)):
        asserted = {*ontology, *turtle(data)}
        _, complaints = entailed_by_owlrl(asserted)
        assert bool(complaints) is expected
        closure = close(rules, asserted)
        assert bool(closure.inconsistencies) is expected
        holding = asserted | {triple for triple, _ in closure.inferred}
        for found in closure.inconsistencies:
            assert found.rule.name == name.split()[0]
            assert set(found.triples) <= holding
            assert set(found.rule.axioms) <= asserted


def test_a_contradiction_is_reported_once_with_its_triples(turtle, infer):
    (found,) = infer(
        "ex:p a owl:AsymmetricProperty . ex:a ex:p ex:b . ex:b ex:p ex:a . ex:c ex:p ex:d ."
    ).inconsistencies
    assert set(found.triples) == set(turtle("ex:a ex:p ex:b . ex:b ex:p ex:a ."))


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("A", "C"), ("B", "C")])
def test_every_pair_of_a_list_is_disjoint(infer, first, second):
    closure = infer(
        "[] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B ex:C ) ."
        f" ex:x a ex:{first} , ex:{second} ."
    )
    assert len(closure.inconsistencies) == 1


def test_closing_a_file_gives_what_closing_its_triples_gives(tmp_path, draw_graphs, turtle):
    for graph in draw_graphs("mixed", 20):
        asserted = [*graph.ontology, *graph.data]
        rules = compile_ontology(graph.ontology)
        source, target = tmp_path / "in.nt", tmp_path / "out.nt"
        source.write_bytes(serialize(asserted, format=RdfFormat.N_TRIPLES))
        counts = close_ntriples(rules, source, target)
        expected = close(rules, asserted)
        written = [q.triple for q in parse(path=str(target), format=RdfFormat.N_TRIPLES)]
        assert Counter(written) == Counter(t for t, _ in expected.inferred)
        assert counts.asserted == len(asserted)
        assert counts.inferred == len(expected.inferred)
        assert counts.rounds == max((n for _, n in expected.inferred), default=0)


@pytest.mark.parametrize("line", ["<urn:a>\t<urn:b> <urn:c> .\n", "# a comment\n", "<urn:a> .\n"])
def test_a_file_that_is_not_plain_ntriples_is_refused(tmp_path, line):
    source = tmp_path / "in.nt"
    source.write_text("<urn:a> <urn:b> <urn:c> .\n" + line)
    with pytest.raises(InputError, match="line 2"):
        close_ntriples(compile_ontology([]), source)


def test_importing_the_room_loads_neither_numpy_nor_owlrl():
    code = (
        "import sys, kzgraph.reasoning, kzgraph.reasoning.proofs, kzgraph.reasoning.checker;"
        "sys.exit(bool({'numpy', 'rdflib', 'owlrl'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
