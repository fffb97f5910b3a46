"""What validation found: findings, and how they look as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

SEVERITIES: Final = ("error", "warning", "info")

_WORDS: Final = {
    "en": {
        "error": ("error", "errors"),
        "warning": ("warning", "warnings"),
        "info": ("note", "notes"),
        "files": ("file", "files"),
        "value": "value",
        "hint": "hint",
        "clean": "no findings in {files}, {rules} rules",
        "found": "{counts} in {files}, {rules} rules",
    },
    "de": {
        "error": ("Fehler", "Fehler"),
        "warning": ("Warnung", "Warnungen"),
        "info": ("Hinweis", "Hinweise"),
        "files": ("Datei", "Dateien"),
        "value": "Wert",
        "hint": "Abhilfe",
        "clean": "nichts zu beanstanden in {files}, {rules} Regeln",
        "found": "{counts} in {files}, {rules} Regeln",
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken.

    ``node`` is the CURIE of the thing and ``label`` what it is called; both are
    empty for a finding about a file. ``property`` and ``value`` are the statement
    that is wrong, as far as one is. ``line`` is the line of the statement, or
    of the thing where the statement is missing.
    """

    severity: str
    path: str
    line: int
    column: int
    rule: str
    message: str
    hint: str = ""
    node: str = ""
    label: str = ""
    property: str = ""
    value: str = ""

    def sort_key(self) -> tuple[str, int, int, int, str, str, str]:
        """Return what orders findings: file, line, then the gravest first."""
        rank = SEVERITIES.index(self.severity)
        return (self.path, self.line, rank, self.column, self.rule, self.node, self.value)

    def lines(self, lang: str = "en") -> Iterator[str]:
        """Yield the finding as text: place and thing, the rule, the value, the hint."""
        words = _WORDS.get(lang, _WORDS["en"])
        severity = words[self.severity][0]
        named = f"{self.label} ({self.node})" if self.label else self.node
        yield f"{self.path}:{self.line}  {severity:<8} {named or self.rule}".rstrip()
        yield f"    {self.message}  [{self.rule}]"
        if self.value:
            statement = f"{self.property} {self.value}" if self.property else self.value
            yield f"    {words['value']}: {statement}"
        if self.hint:
            yield f"    {words['hint']}: {self.hint}"

    def to_json(self) -> dict[str, Any]:
        """Return every field, without the empty ones."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value not in ("", None)}


@dataclass(frozen=True)
class Report:
    """The outcome: findings in the order of files and lines, how many files and rules."""

    findings: list[Finding]
    files: int
    rules: int
    lang: str = "en"

    @property
    def conforms(self) -> bool:
        """Return whether nothing is wrong; warnings and notes do not count."""
        return not any(finding.severity == "error" for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    def lines(self) -> Iterator[str]:
        """Yield the findings as text."""
        for finding in self.findings:
            yield from finding.lines(self.lang)

    def summary(self) -> str:
        """Return one line: how many findings in how many files."""
        words = _WORDS.get(self.lang, _WORDS["en"])
        parts = [
            f"{count} {words[severity][count != 1]}"
            for severity, count in self.counts().items()
            if count
        ]
        template = words["found"] if parts else words["clean"]
        assert isinstance(template, str)
        files = f"{self.files} {words['files'][self.files != 1]}"
        return template.format(counts=", ".join(parts), files=files, rules=self.rules)

    def to_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "conforms": self.conforms,
            "counts": self.counts(),
            "files": self.files,
            "rules": self.rules,
            "findings": [finding.to_json() for finding in self.findings],
        }
