"""Is the data right? The shapes and the house rules, with file and line and what to do."""

from kzgraph.validation.report import Finding, Report
from kzgraph.validation.validator import validate

__all__ = ["Finding", "Report", "validate"]
