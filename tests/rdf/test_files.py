"""Bytes that are not UTF-8, and files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kzgraph.errors import InputError, SourceSyntaxError, StoreError
from kzgraph.rdf import files
from kzgraph.rdf.files import decode, read_text, write_file_atomically


def test_latin_1_bytes_are_named_by_line_column_and_offset() -> None:
    with pytest.raises(SourceSyntaxError, match="byte 0xE4 at offset 9 is not UTF-8") as caught:
        decode(b'a b "c"\n "\xe4" .\n'.replace(b' "\xe4"', b"x\xe4"), path="x.ttl")
    error = caught.value
    assert (error.path, error.line, error.column) == ("x.ttl", 2, 2)
    assert "UTF-8" in error.hint


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_is_refused(mark: bytes) -> None:
    with pytest.raises(SourceSyntaxError, match="byte order mark") as caught:
        decode(mark + b"a", path="x.ttl")
    assert "without BOM" in caught.value.hint


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path / "none.ttl")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)


def test_writing_replaces_the_text_and_keeps_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_file_atomically(path, "neu: ä\r\n")
    assert path.read_bytes() == "neu: ä\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.ttl"]


def test_a_new_file_gets_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file_atomically(tmp_path / "new.ttl", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "new.ttl").stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_goes_on_pointing_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real.ttl").write_text("old", encoding="utf-8")
    link = tmp_path / "link.ttl"
    link.symlink_to("real.ttl")
    write_file_atomically(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real.ttl").read_text(encoding="utf-8") == "new"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_file_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.ttl"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_file_atomically(tmp_path / "none" / "a.ttl", "x")
