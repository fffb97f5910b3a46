"""What a snapshot is called and made by; light, so that opening loads no builder."""

from __future__ import annotations

from kzgraph import __version__
from kzgraph.namespaces import kz, kzr

# raise it when the layout of a snapshot or what the build derives changes
FORMAT = 1
MADE_BY = f"kzgraph {__version__}, snapshot format {FORMAT}, "
SNAPSHOT = kzr("snapshot")
DIGEST = kz("snapshotDigest")
