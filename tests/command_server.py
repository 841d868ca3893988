"""The command in a process of its own, without paying for its imports every time.

A server loads the program once and forks itself for each command: what runs is ``python -m openrace`` in a
process of its own, with its own arguments, environment, folder, standard streams and exit code. The modules
of the command line are left out, so each process still attaches the one that it needs.

    with CommandServer(socket) as server: server.run(arguments, environment, standard_input)
    python command_server.py SOCKET            the server itself
    python command_server.py SOCKET search …   a client for shell scripts, with the streams of its process

What depends on how Python starts (PYTHONHASHSEED, encodings, limits set before) needs a new interpreter.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Self

LONGEST = 1_000_000  # bytes of a request: arguments and environment


class CommandServer:
    """A running server; it ends with the block."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        # It ends when nobody holds the other end of its standard input. One thread: forking is safe.
        alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, str(self.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=alone)
        while not self.path.exists():
            assert self._process.poll() is None, "the server of commands did not start"
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(
        self, arguments: tuple[str, ...], environment: dict[str, str], given: bytes
    ) -> subprocess.CompletedProcess[str]:
        """Run the command until its end, as `subprocess.run` does."""
        with ExitStack() as open_files:
            into, out, told = (open_files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
            into.write(given)
            into.seek(0)
            code = ask(self.path, arguments, environment, [file.fileno() for file in (into, out, told)])
            return subprocess.CompletedProcess(arguments, code, _content(out), _content(told))


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def ask(path: Path, arguments: tuple[str, ...], environment: dict[str, str], streams: list[int]) -> int:
    """Have the server run the command on these three streams; how it ended, a signal as a negative number."""
    request = {"arguments": arguments, "environment": environment, "folder": str(Path.cwd())}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(str(path))
        socket.send_fds(server, [json.dumps(request).encode()], streams)
        server.shutdown(socket.SHUT_WR)
        return int(server.recv(100))


def serve(path: Path) -> dict[str, Any]:
    """Answer each request in a new process until standard input ends; in that process, return the request."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{path}.new")
        listener.listen()
        Path(f"{path}.new").rename(path)
        answering: set[int] = set()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            client, _ = listener.accept()
            answering -= {child for child in answering if os.waitpid(child, os.WNOHANG)[0]}
            if (child := os.fork()) == 0:
                return _answer(client)
            answering.add(child)
            client.close()
    for child in answering:
        os.waitpid(child, 0)
    sys.exit()


def _answer(client: socket.socket) -> dict[str, Any]:
    """Fork the command, wait for it and tell how it ended; in the command's process, return the request."""
    parts, streams = [], []
    while received := socket.recv_fds(client, LONGEST, 3):
        parts.append(received[0])
        streams += received[1]
        if not received[0]:
            break
    if (child := os.fork()) == 0:
        client.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        request: dict[str, Any] = json.loads(b"".join(parts))
        return request
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(child, 0)
    client.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def load() -> None:
    """Import every module of the program but those that attach commands, and what they import."""
    package = import_module("openrace")
    for folder in package.__path__:
        for file in sorted(Path(folder).rglob("*.py")):
            parts = file.relative_to(folder).with_suffix("").parts
            if parts[-1] != "__main__" and not parts[-1].endswith(("_command", "_commands")):
                import_module(".".join(["openrace", *(part for part in parts if part != "__init__")]))
    gc.collect()
    gc.freeze()  # what all of them share is not looked through again in each


def become(request: dict[str, Any]) -> None:
    """Take the arguments, the environment and the folder of the request."""
    sys.argv[1:] = request["arguments"]
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    time.tzset()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        code = ask(Path(sys.argv[1]), tuple(sys.argv[2:]), dict(os.environ), [0, 1, 2])
        sys.exit(128 - code if code < 0 else code)
    load()
    become(serve(Path(sys.argv[1])))
    runpy.run_module("openrace", run_name="__main__", alter_sys=True)
