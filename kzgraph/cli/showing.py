"""The verbs that show: show, explain, claims, conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kzgraph.cli.output import (
    chosen_format,
    hint_at_namesakes,
    json_or_text,
    lang_option,
    open_graph,
    options,
    print_json,
    sources_option,
    text_or_json,
)
from kzgraph.errors import EXIT_NO_DATA, UnknownNameError

if TYPE_CHECKING:
    from kzgraph.queries.show import Portrait


@click.command(
    epilog="""\b
Examples:
  kzgraph show Tokajew
  kzgraph show EAEU --lang ru
  kzgraph show Q232 -f json"""
)
@click.argument("name", nargs=-1, required=True)
@options(json_or_text, lang_option, sources_option)
def show(name: tuple[str, ...], format_: str, lang: str | None, sources: str | None) -> None:
    """Show all that is known of a thing: names, edges, relations, what is said of and by it."""
    as_json = text_or_json(format_)
    portrait = open_graph(lang=lang, sources=sources).show(" ".join(name))
    if as_json:
        print_json(portrait.to_json())
    else:
        _print_portrait(portrait)


def _print_portrait(portrait: Portrait) -> None:
    thing = portrait.thing
    click.echo(f"{thing.label}  [{thing.id}]  {', '.join(portrait.classes)}")
    for language, names in portrait.names.items():
        click.echo(f"  {language or '-'}: {'; '.join(names)}")
    if portrait.links:
        click.echo(f"  same as: {', '.join(portrait.links)}")
    for words, things in portrait.edges.items():
        click.echo(f"\n{words}")
        for other in things:
            click.echo(f"  {other.label}  [{other.id}]")
    kind = ""
    for relator in portrait.relators:
        if relator.kind != kind:
            kind = relator.kind
            click.echo(f"\n{kind}")
        count = f"{relator.claims} claim{'' if relator.claims == 1 else 's'}"
        mark = "" if relator.fact else "  (takes no part: not a fact under the policy)"
        click.echo(f"  {relator.words}{mark}")
        click.echo(f"    {count}: {'; '.join(relator.sources)}  [{relator.id}]")
    for title, claims in (("said of it", portrait.spoken_of), ("said by it", portrait.says)):
        if claims:
            click.echo(f"\n{title}")
        for claim in claims:
            where = "; ".join(f"{p.source.label}, {p.locator}" for p in claim.passages)
            click.echo(f"  {claim.claimant.label} {claim.stance.label}: {claim.says.label}")
            click.echo(f"    {where}  [{claim.id}]")


@click.command(
    epilog="""\b
Examples:
  kzgraph explain Kazakhstan memberOf EAEU
  kzgraph explain Russland borders Kasachstan --all --sources ~/articles
  kzgraph explain Kazakhstan memberOf EAEU -f dot | dot -Tsvg > proof.svg"""
)
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@click.option("--all", "every", is_flag=True, help="Every last step, at most 20 in full.")
@click.option("-f", "--format", "format_", default="text", help="text, json or dot.")
@options(lang_option, sources_option)
def explain(
    subject: str,
    predicate: str,
    object_: str,
    every: bool,
    format_: str,
    lang: str | None,
    sources: str | None,
) -> None:
    """Prove a statement: the least proof, down to claims and the passages of sources."""
    chosen = chosen_format(format_, None, ("text", "json", "dot"))
    graph = open_graph(lang=lang, sources=sources)
    evidence = graph.explain(subject, predicate, object_, every=every)
    proofs = [evidence.proof, *evidence.others]
    if chosen == "json":
        print_json({"proofs": [p.to_json() for p in proofs], "ways": evidence.total})
        return
    if chosen == "dot":
        from kzgraph.claims.explanation import to_dot

        click.echo(to_dot(*proofs), nl=False)
        return
    for number, proof in enumerate(proofs, 1):
        if every:
            click.echo(f"{'' if number == 1 else chr(10)}way {number} of {evidence.total}")
        click.echo("\n".join(proof.lines()))
    hidden = evidence.total - len(proofs)
    if hidden > 0:
        words = "way leads" if hidden == 1 else "ways lead"
        click.echo(f"{hidden} more {words} there" + ("" if every else " (--all shows more)"))


@click.command(
    epilog="""\b
Examples:
  kzgraph claims --stance denies
  kzgraph claims --about Crimea --lang de
  kzgraph claims --by Tleuberdi --sources ~/articles"""
)
@click.option("--stance", metavar="STANCE", help="asserts, denies, fears, warns, asks, ...")
@click.option("--about", metavar="NAME", help="Claims that name this thing.")
@click.option("--by", metavar="NAME", help="Claims of this claimant.")
@options(json_or_text, lang_option, sources_option)
def claims(
    stance: str | None,
    about: str | None,
    by: str | None,
    format_: str,
    lang: str | None,
    sources: str | None,
) -> None:
    """List who says what, with which stance, and where it is written."""
    as_json = text_or_json(format_)
    found = open_graph(lang=lang, sources=sources).claims(stance=stance, about=about, by=by)
    if as_json:
        print_json([claim.to_json() for claim in found])
    for claim in [] if as_json else found:
        first, *rest = claim.lines()
        click.echo(f"{claim.says.label}\n  {first}")
        for line in rest:
            click.echo(f"  {line}")
    if not as_json:
        click.echo(f"{len(found)} claim{'' if len(found) == 1 else 's'}", err=True)
    if not found:
        raise click.exceptions.Exit(EXIT_NO_DATA)


@click.command(
    epilog="""\b
Examples:
  kzgraph conflicts
  kzgraph conflicts --about "Baikonur Cosmodrome"
  kzgraph conflicts --kind rounding"""
)
@click.option("--about", metavar="NAME", help="Only what concerns this thing.")
@click.option("--kind", metavar="KIND", help="conflict, rounding, precision or disputed.")
@options(json_or_text, lang_option, sources_option)
def conflicts(
    about: str | None, kind: str | None, format_: str, lang: str | None, sources: str | None
) -> None:
    """List where sources disagree: the same question, different answers, side by side."""
    from kzgraph.claims.conflicts import KINDS

    as_json = text_or_json(format_)
    if kind is not None and kind not in KINDS:
        raise UnknownNameError("kind", kind, KINDS, hint=f"one of: {', '.join(KINDS)}")
    graph = open_graph(lang=lang, sources=sources)
    found = graph.conflicts(about=about)
    if about is not None and not found:
        hint_at_namesakes(graph, about, graph.resolve(about))
    found = [c for c in found if kind is None or c.kind == kind]
    if as_json:
        print_json([c.to_json() for c in found])
    for conflict in [] if as_json else found:
        voices = f"{conflict.origins} origins" if conflict.origins != 1 else "one origin"
        click.echo(f"{conflict.kind}: {conflict.about}  ({voices})")
        for answer in conflict.answers:
            mark = "" if answer.takes_part or conflict.kind == "disputed" else "  (not a fact)"
            click.echo(f"  {answer.value or 'no date'}{mark}")
            for kind_, values in conflict.against(answer.relator.id).items():
                if kind_ != conflict.kind:
                    click.echo(f"    {kind_} against {'; '.join(values)}")
            for claim in answer.claims:
                where = "; ".join(f"{p.source.label}, {p.locator}" for p in claim.passages)
                click.echo(f"    {claim.claimant.label}, {claim.stance.label}: {where}")
                for note in claim.notes:
                    click.echo(f"      note: {note}")
    if not as_json:
        counts = ", ".join(f"{sum(c.kind == k for c in found)} {k}" for k in KINDS)
        click.echo(counts, err=True)
    if not found:
        raise click.exceptions.Exit(EXIT_NO_DATA)
