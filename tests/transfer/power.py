"""What a disk may hold after the power failed: a model of it, and the `FileOps` that records what is played on it.

The model is that of the crash-consistency literature (Pillai et al., OSDI 2014), in the form that journaling file
systems keep: names (create, rename, unlink, mkdir) reach the disk in their order, up to any point that no fsync of
their folder has forced; bytes that no fsync of their file has forced are there, in part, as zeros, or not at all.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mast_tui.transfer.fileops import FileOps

#: Folders and files of the model are numbers; a folder maps names to them.
Node = int
Tree = dict[str, bytes]


@dataclass(frozen=True)
class Named:
    """A change of names: `node` gets the name `new` in `folder` (None: none), and loses `old` there (None: none)."""

    folder: Node
    old: str | None
    new: str | None
    node: Node


@dataclass(frozen=True)
class Wrote:
    """`data` at `offset` of a file; with `cut`, the file ends at `offset`."""

    node: Node
    offset: int
    data: bytes = b""
    cut: bool = False


@dataclass(frozen=True)
class Synced:
    node: Node
    names: bool


@dataclass(frozen=True)
class Said:
    """The program told its user something here."""

    word: str


Step = Named | Wrote | Synced | Said


@dataclass
class Recording(FileOps):
    """Does everything really, and keeps the steps. `roots`: the folders that are there, and empty, from the start."""

    roots: tuple[Path, ...]
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._numbers = itertools.count()
        self._folders: dict[int, Node] = {}  # by inode: folders are never removed
        self._names: dict[Node, dict[str, Node]] = {}
        self._files: dict[int, tuple[Node, bool]] = {}  # by descriptor: the file, and whether it is appended to
        self._sizes: dict[Node, int] = {}
        self.root_nodes = {self._folder(root.stat().st_ino): root.name for root in self.roots}

    def _folder(self, inode: int) -> Node:
        if inode not in self._folders:
            self._folders[inode] = next(self._numbers)
            self._names[self._folders[inode]] = {}
        return self._folders[inode]

    def _of(self, folder_fd: int) -> Node:
        return self._folder(os.fstat(folder_fd).st_ino)

    def say(self, word: str) -> None:
        with self._lock:
            self.steps.append(Said(word))

    # --- the operations ------------------------------------------------------------------------------------------

    def open(self, name: str, flags: int, mode: int, folder_fd: int) -> int:
        with self._lock:
            fd = super().open(name, flags, mode, folder_fd)
            folder = self._of(folder_fd)
            node = self._names[folder].get(name)
            if node is None:
                node = next(self._numbers)
                self._names[folder][name], self._sizes[node] = node, 0
                self.steps.append(Named(folder, None, name, node))
            elif flags & os.O_TRUNC and self._sizes[node]:
                self._cut(node, 0)
            self._files[fd] = node, bool(flags & os.O_APPEND)
            return fd

    def write(self, fd: int, data: bytes | memoryview) -> int:
        with self._lock:
            node, appends = self._files[fd]
            offset = self._sizes[node] if appends else os.lseek(fd, 0, os.SEEK_CUR)
            written = super().write(fd, data)
            self.steps.append(Wrote(node, offset, bytes(data[:written])))
            self._sizes[node] = max(self._sizes[node], offset + written)
            return written

    def truncate(self, fd: int, size: int) -> None:
        with self._lock:
            super().truncate(fd, size)
            if self._sizes[self._files[fd][0]] != size:
                self._cut(self._files[fd][0], size)

    def sync(self, fd: int) -> None:
        with self._lock:
            self.steps.append(Synced(self._files[fd][0], names=False))

    def replace(self, old: str, new: str, folder_fd: int) -> None:
        with self._lock:
            super().replace(old, new, folder_fd)
            names = self._names[self._of(folder_fd)]
            names[new] = names.pop(old)
            self.steps.append(Named(self._of(folder_fd), old, new, names[new]))

    def unlink(self, name: str, folder_fd: int) -> None:
        with self._lock:
            super().unlink(name, folder_fd)
            node = self._names[self._of(folder_fd)].pop(name, None)
            if node is not None:
                self.steps.append(Named(self._of(folder_fd), name, None, node))

    def make_folder(self, name: str, folder_fd: int) -> None:
        with self._lock:
            super().make_folder(name, folder_fd)
            node = self._folder(os.stat(name, dir_fd=folder_fd).st_ino)
            self.steps.append(Named(self._of(folder_fd), None, name, node))

    def sync_folder(self, folder_fd: int) -> None:
        with self._lock:
            self.steps.append(Synced(self._of(folder_fd), names=True))

    def _cut(self, node: Node, size: int) -> None:
        self._sizes[node] = size
        self.steps.append(Wrote(node, size, cut=True))

    # --- what may be left ----------------------------------------------------------------------------------------

    def states(self) -> Iterator[tuple[Tree, frozenset[str]]]:
        """Every different disk that a power cut may leave, as path below the roots and bytes (a folder ends in "/"
        and has none), with what the user had been told by then."""
        seen: set[tuple[str, frozenset[str]]] = set()
        for end in range(len(self.steps) + 1):
            done = self.steps[:end]
            told = frozenset(step.word for step in done if isinstance(step, Said))
            named = [step for step in done if isinstance(step, Named)]
            files = _files_of(done)
            for there in range(_forced(done), len(named) + 1):
                paths = self._paths(named[:there])
                dirty = sorted({node for node in paths.values() if node in files and len(files[node]) > 1})
                for choice in itertools.product(*(files[node] for node in dirty)):
                    chosen = dict(zip(dirty, choice, strict=True))
                    tree = {
                        path: b"" if path.endswith("/") else chosen[node] if node in chosen else _only(files, node)
                        for path, node in paths.items()
                    }
                    mark = _mark(tree), told
                    if mark not in seen:
                        seen.add(mark)
                        yield tree, told

    def _paths(self, named: list[Named]) -> dict[str, Node]:
        names: dict[Node, dict[str, Node]] = {}
        for step in named:
            inside = names.setdefault(step.folder, {})
            if step.old is not None:
                inside.pop(step.old, None)
            if step.new is not None:
                inside[step.new] = step.node
        folders = set(self._folders.values())
        paths: dict[str, Node] = {}

        def walk(folder: Node, before: str) -> None:
            for name, node in names.get(folder, {}).items():
                if node in folders:
                    paths[f"{before}{name}/"] = node
                    walk(node, f"{before}{name}/")
                else:
                    paths[f"{before}{name}"] = node

        for node, name in self.root_nodes.items():
            walk(node, f"{name}/")
        return paths


def _forced(done: list[Step]) -> int:
    """How many of the changes of names are on the disk for certain: those in a synced folder, and all before them."""
    forced, count = 0, 0
    last: dict[Node, int] = {}
    for step in done:
        if isinstance(step, Named):
            count += 1
            last[step.folder] = count
        elif isinstance(step, Synced) and step.names:
            forced = max(forced, last.get(step.node, 0))
    return forced


def _files_of(done: list[Step]) -> dict[Node, tuple[bytes, ...]]:
    """What each file may hold."""
    safe: dict[Node, bytes] = {}
    open_: dict[Node, list[Wrote]] = {}
    for step in done:
        if isinstance(step, Wrote):
            open_.setdefault(step.node, []).append(step)
        elif isinstance(step, Synced) and not step.names:
            safe[step.node] = _played(safe.get(step.node, b""), open_.pop(step.node, []))
    found: dict[Node, tuple[bytes, ...]] = {node: (data,) for node, data in safe.items()}
    for node, steps in open_.items():
        base, middle = safe.get(node, b""), len(steps) // 2
        half = [*steps[:middle], Wrote(node, steps[middle].offset, steps[middle].data[: len(steps[middle].data) // 2])]
        zeros = [step if step.cut else Wrote(node, step.offset, bytes(len(step.data))) for step in steps]
        found[node] = tuple(dict.fromkeys(_played(base, each) for each in ([], half, zeros, steps)))
    return found


def _played(base: bytes, steps: list[Wrote]) -> bytes:
    data = bytearray(base)
    for step in steps:
        if step.cut:
            data = data[: step.offset].ljust(step.offset, b"\0")
        else:
            if len(data) < step.offset:
                data.extend(bytes(step.offset - len(data)))
            data[step.offset : step.offset + len(step.data)] = step.data
    return bytes(data)


def _only(files: dict[Node, tuple[bytes, ...]], node: Node) -> bytes:
    (data,) = files.get(node, (b"",))
    return data


def _mark(tree: Tree) -> str:
    digest = hashlib.sha256()
    for path in sorted(tree):
        digest.update(f"{path}\0{len(tree[path])}\0".encode("utf-8", "surrogateescape") + tree[path])
    return digest.hexdigest()
