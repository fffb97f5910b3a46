"""Text files read with a clear word about their bytes, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from kzgraph.errors import InputError, SourceSyntaxError, StoreError


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises InputError when the file cannot be opened, and SourceSyntaxError with
    the line when its bytes are not UTF-8 or start with a byte order mark.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    return decode(content, path=str(path))


def decode(content: bytes, *, path: str) -> str:
    """Return bytes as text; ``path`` is for the message when they are not UTF-8."""
    for mark, name in (
        (b"\xef\xbb\xbf", "UTF-8"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if content.startswith(mark):
            raise SourceSyntaxError(
                f"the file starts with a byte order mark of {name}",
                path=path,
                line=1,
                column=1,
                hint="save it as UTF-8 without BOM",
            )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        line_end = content.find(b"\n", error.start)
        line = content[line_start : line_end if line_end >= 0 else None]
        before = content[line_start : error.start].decode("utf-8")
        raise SourceSyntaxError(
            f"byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
            column=len(before) + 1,
            source_line=line.decode("utf-8", "replace").rstrip("\r"),
            hint="save the file as UTF-8; it may be Latin-1 or Windows-1252 or 1251",
        ) from error


def write_file_atomically(path: Path, text: str) -> None:
    """Write a text file so that at every moment the old or the new one is there, whole.

    The mode of an existing file is kept, and a symbolic link goes on pointing
    to it. Raises StoreError, and then the old file is untouched.
    """
    target = path.resolve()
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
