"""Real services for the tests: an anvil node and a PostgreSQL server, each on loopback.

They are what `make services` installed. Where one is missing, its tests are skipped with the reason. Each
is ended by its own process id.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

SERVICES = Path(os.environ.get("NACRE_SERVICES", ROOT / ".services"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def anvil_binary() -> Path:
    found = sorted(SERVICES.glob("node_modules/@foundry-rs/anvil-*/bin/anvil*"))
    if not found:
        pytest.skip("the anvil node is not here; `make services` installs it from npm")
    return found[0]


@contextlib.contextmanager
def running_anvil(*options: str, port: int | None = None) -> Iterator[str]:
    """A node on a free port; its URL."""
    port = port or free_port()
    command = [str(anvil_binary()), "--host", "127.0.0.1", "--port", str(port), "--silent"]
    process = subprocess.Popen([*command, "--hardfork", "shanghai", *options])
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                rpc(url, "eth_chainId")
                break
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def rpc(url: str, method: str, *parameters: object) -> object:
    import json

    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["result"]


class PostgresServer:
    """A server of its own with an empty cluster; `url` is that of the server."""

    def __init__(self, *, durable: bool = False) -> None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not folders:
            pytest.skip("PostgreSQL is not here; `make services` installs it from Debian")
        self._programs = folders[-1].parent
        as_root = os.geteuid() == 0
        self._user = "postgres" if as_root else pwd.getpwuid(os.geteuid()).pw_name
        self._folder = Path(tempfile.mkdtemp(prefix="nacre-postgres-", dir="/tmp"))
        if as_root:
            shutil.chown(self._folder, self._user)
        port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{port}"
        self._options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{self._folder}'"
            f" -c wal_recycle=off -c fsync={'on' if durable else 'off'}"
        )
        data = str(self._folder / "d")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8")
        self._control = ("pg_ctl", "-D", data, "-w")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        prefix = ["runuser", "-u", self._user, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, str(self._programs / program), *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start it; after a crash it recovers first."""
        self._run(*self._control, "-l", str(self._folder / "log"), "-o", self._options, "start")

    def crash(self) -> None:
        """End all its processes without giving them time for anything."""
        self._run(*self._control, "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop it and delete its files."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it may have crashed
            self._run(*self._control, "-m", "fast", "stop")
        shutil.rmtree(self._folder)

    def database(self) -> str:
        """A new, empty database; its URL."""
        import psycopg

        name = f"nacre_{uuid.uuid4().hex}"
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{self.url}/{name}"


@contextlib.contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server that ends with the block."""
    server = PostgresServer(durable=durable)
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of all tests that need one."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """A new, empty database; its URL."""
    return postgres.database()
