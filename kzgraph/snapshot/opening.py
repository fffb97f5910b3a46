"""Open the snapshot of the current files; build it first where there is none.

The cache holds one folder per project folder: ``state.json`` (files with size,
time and hash, and the digest over them) and ``snapshot-<digest>/``. A new
snapshot is built beside and renamed into place, so a build that is killed at
any moment leaves the old one whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph import resources
from kzgraph.errors import StoreError
from kzgraph.snapshot.index import SnapshotIndex
from kzgraph.snapshot.names import DIGEST, MADE_BY, SNAPSHOT
from kzgraph.snapshot.sources import SourceFile, digest_of, file_hash, source_files
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import Term

if TYPE_CHECKING:  # the builder loads numpy; only a build needs it
    from kzgraph.snapshot.build import BuildReport, Extra, Progress

_LOCK_PATIENCE = 120.0


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot: the closed graph and its side table."""

    folder: Path
    store: EmbeddedStore
    index: SnapshotIndex

    @property
    def digest(self) -> str:
        """The digest of the files it was made from."""
        return self.index.digest


class ClosedSource:
    """The closed graph as a prover wants it: its triples, and the round of each.

    What the build computed and what the gate withheld has no round: it is in
    the store and took no part in inference.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._store = snapshot.store
        self._index = snapshot.index

    def match(
        self, subject: Term | None, predicate: NamedNode | None, value: Term | None, /
    ) -> Iterator[Triple]:
        """Yield the triples that fit; None fits everything."""
        if not isinstance(subject, Literal):
            yield from self._store.match(subject, predicate, value)

    def round_of(self, triple: Triple, /) -> int | None:
        """Return the round of a triple, 0 where it is asserted, None where it took no part."""
        round_ = self._index.round_of(triple)
        if round_ is not None:
            return round_
        if isinstance(triple.subject, NamedNode) and self._index.why_withheld(triple.subject.value):
            return None
        if self._index.is_computed(triple) or not self._store.contains(triple):
            return None
        return 0


def cache_folder() -> Path:
    """Return the folder that holds the snapshots of this project folder."""
    named = os.environ.get("KZGRAPH_CACHE")
    if named:
        base = Path(named)
    else:
        from platformdirs import user_cache_path  # not needed where the variable is set

        base = user_cache_path("kzgraph", appauthor=False)
    # not hashlib: it takes longer to import than this to answer; state.json holds the path
    return base / f"{crc32(str(resources.home()).encode()):08x}"


def open_snapshot(
    *,
    reasoner: str | None = None,
    extras: Sequence[Extra] = (),
    progress: Progress | None = None,
) -> Snapshot:
    """Return the snapshot of the files as they are now, built if need be.

    A snapshot of either reasoner will do unless one is asked for; what has to be
    built is built with our own.

    Raises StoreError when it can neither be opened nor built, and InputError
    when a file of the project cannot be read.
    """
    say = progress or _silent
    files = source_files()
    cache = _last_cache.get(str(cache_folder()), cache_folder())
    try:
        kept = _kept(cache, files, reasoner)
    except StoreError as error:
        say(f"the snapshot is damaged ({error.message}); building it anew")
    else:
        if kept is not None:
            return kept
    built = _build(
        reasoner or "kzgraph", extras, say, spared=lambda place: _is_kept(place, files, reasoner)
    )
    cache = _last_cache.get(str(cache_folder()), cache_folder())
    if built is None:
        kept = _kept(cache, files, reasoner)
        if kept is not None:
            return kept
        raise StoreError(
            "the snapshot that another process made does not fit the files",
            hint="try again; files may have changed meanwhile",
        )
    return _open(cache / f"snapshot-{built.digest[:16]}", built.digest)


def _kept(cache: Path, files: list[SourceFile], reasoner: str | None) -> Snapshot | None:
    """Return the kept snapshot, None where it does not fit the files.

    Raises StoreError when it is damaged.
    """
    digest = _known_digest(cache, _read_state(cache), files, reasoner)
    return None if digest is None else _open(cache / f"snapshot-{digest[:16]}", digest)


def _is_kept(cache: Path, files: list[SourceFile], reasoner: str | None) -> bool:
    try:
        return _kept(cache, files, reasoner) is not None
    except StoreError:
        return False


# where a build went when the cache could not be written, for this process
_last_cache: dict[str, Path] = {}


def build_snapshot(
    *,
    reasoner: str = "kzgraph",
    extras: Sequence[Extra] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Build the snapshot of the current files and make it the one that is opened.

    Where the cache folder cannot be written the snapshot goes into a temporary
    folder for this process, and progress says so.
    """
    report = _build(reasoner, extras, progress or _silent, spared=lambda place: False)
    assert report is not None
    return report


def _build(
    reasoner: str,
    extras: Sequence[Extra],
    say: Progress,
    *,
    spared: Callable[[Path], bool],
) -> BuildReport | None:
    """Build as ``build_snapshot`` does; return None where ``spared`` says that it is done.

    That is asked once the lock is held: another process may have built meanwhile.
    """
    from kzgraph.snapshot.build import build_into, hashes_of, new_folder, swap_in

    cache = cache_folder()
    try:
        made = new_folder(cache)
    except StoreError as error:
        say(f"{error.message}; using a temporary folder this once")
        cache = Path(tempfile.mkdtemp(prefix="kzgraph-"))
        _remove_at_exit(cache)
        _last_cache[str(cache_folder())] = cache
        made = new_folder(cache)
    try:
        with _lock(cache, say):
            if spared(cache):
                return None
            files = source_files()
            hashes = hashes_of(files)
            report = build_into(made, files, hashes, reasoner=reasoner, progress=say, extras=extras)
            place = cache / f"snapshot-{report.digest[:16]}"
            swap_in(made, place)
            _write_state(cache, files, hashes, report.digest, reasoner)
            _remove_old(cache, keep=place)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(
            f"the snapshot cannot be written to {cache}: {error.strerror or error}",
            hint="free some space, or name another folder in KZGRAPH_CACHE",
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return report


def _silent(message: str) -> None:
    """Take a progress message and do nothing with it."""


def _open(folder: Path, digest: str) -> Snapshot:
    if not (folder / "store").is_dir():
        raise StoreError("it is gone")
    index = SnapshotIndex(folder / "index.sqlite")
    store = EmbeddedStore.open(folder / "store")
    # a cut manifest opens as an empty store, so one statement must be there
    if index.digest != digest or not store.contains(Triple(SNAPSHOT, DIGEST, Literal(digest))):
        raise StoreError("its digest is missing", hint="kzgraph build makes it anew")
    return Snapshot(folder, store, index)


def _read_state(cache: Path) -> dict[str, Any]:
    try:
        state = json.loads((cache / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _known_digest(
    cache: Path, state: dict[str, Any], files: list[SourceFile], reasoner: str | None
) -> str | None:
    """Return the digest of the kept snapshot if it fits the files, else None."""
    known, made_by = state.get("files"), state.get("made_by")
    if (
        not isinstance(known, dict)
        or not isinstance(made_by, str)
        or not made_by.startswith(MADE_BY)
        or (reasoner is not None and made_by != MADE_BY + reasoner)
        or state.get("home") != str(resources.home())
        or set(known) != {f.name for f in files}
        or not all(isinstance(entry, list) and len(entry) == 3 for entry in known.values())
    ):
        return None
    changed = [f for f in files if known[f.name][:2] != [f.size, f.mtime_ns]]
    if changed:
        # touched, but perhaps not changed: only now is reading them worth it
        hashes = {name: entry[2] for name, entry in known.items()}
        hashes.update((file.name, file_hash(file.path)) for file in changed)
        if digest_of(hashes.items(), made_by=made_by) != state.get("digest"):
            return None
        with contextlib.suppress(OSError):  # a cache that cannot be written is read all the same
            _write_state(cache, files, hashes, str(state["digest"]), made_by.removeprefix(MADE_BY))
    return str(state.get("digest"))


def _write_state(
    cache: Path, files: list[SourceFile], hashes: dict[str, str], digest: str, reasoner: str
) -> None:
    state = {
        "digest": digest,
        "made_by": MADE_BY + reasoner,
        "home": str(resources.home()),
        "files": {f.name: [f.size, f.mtime_ns, hashes[f.name]] for f in files},
    }
    temporary = cache / f"state-{os.getpid()}.json"
    temporary.write_text(json.dumps(state), encoding="utf-8")
    temporary.replace(cache / "state.json")


def _remove_old(cache: Path, *, keep: Path) -> None:
    """Remove snapshots of earlier files and what killed builds left.

    Not what is younger than an hour: it may be open, or being made.
    """
    for folder in (f for name in ("snapshot-*", "new-*", "old-*") for f in cache.glob(name)):
        with contextlib.suppress(OSError):  # another process may be sweeping as well
            if folder != keep and time.time() - folder.stat().st_mtime > 3600:
                shutil.rmtree(folder, ignore_errors=True)


def _remove_at_exit(folder: Path) -> None:
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)


@contextlib.contextmanager
def _lock(cache: Path, say: Progress) -> Iterator[None]:
    """Hold the cache's build lock; wait for another build, but not for ever."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system; renaming keeps snapshots whole
        yield
        return
    with (cache / "lock").open("w") as handle:
        deadline = time.monotonic() + _LOCK_PATIENCE
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    say("another build is running; waiting for it")
                    told = True
                if time.monotonic() > deadline:
                    raise StoreError(
                        f"another process has held {cache / 'lock'} for over "
                        f"{_LOCK_PATIENCE:.0f} s",
                        hint="end that process, or name another folder in KZGRAPH_CACHE",
                    ) from None
                time.sleep(0.1)
        yield
