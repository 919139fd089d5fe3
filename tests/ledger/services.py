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
import time
import urllib.request
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server of its own with an empty cluster; the URL of its maintenance database."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not folders:
        pytest.skip("PostgreSQL is not here; `make services` installs it from Debian")
    programs = folders[-1].parent
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data = Path("/tmp") / f"nacre-postgres-{os.getpid()}"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, user)

    def run(*command: str) -> None:
        prefix = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, *command],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    port = free_port()
    try:
        run(
            str(programs / "initdb"),
            "-D",
            str(data / "d"),
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{data}' -c wal_recycle=off -c fsync=off"
        control = [str(programs / "pg_ctl"), "-D", str(data / "d"), "-w"]
        run(*control, "-l", str(data / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            run(*control, "-m", "fast", "stop")
    finally:
        shutil.rmtree(data)


@pytest.fixture
def database(postgres: str) -> str:
    """A new, empty database; its URL."""
    import uuid

    import psycopg

    name = f"nacre_{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{postgres}/{name}"
