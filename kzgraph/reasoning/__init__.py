"""From an ontology to rules, from rules to a closure, from a closure to proofs.

Only what needs no numpy is imported here; closure and engines are met where
something is closed.
"""

from kzgraph.reasoning.rules import Rule, RuleSet, UnsupportedAxiomError, compile_ontology

__all__ = ["Rule", "RuleSet", "UnsupportedAxiomError", "compile_ontology"]
