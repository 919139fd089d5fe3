"""SPARQL servers for the tests, on loopback: Virtuoso from Debian, and one of bad manners.

Virtuoso is what `make services` installed; where it is missing, its tests are skipped with the reason. It is
ended by its own process id.
"""

import contextlib
import http.server
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from services import free_port

_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
NumberOfBuffers = 10000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000
"""
_GRANTS = (
    'GRANT SPARQL_UPDATE TO "SPARQL"',
    'GRANT EXECUTE ON DB.DBA.SPARQL_INSERT_DICT_CONTENT TO "SPARQL"',
    'GRANT EXECUTE ON DB.DBA.SPARQL_DELETE_DICT_CONTENT TO "SPARQL"',
)


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso server that everybody may write to."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        pytest.skip("Virtuoso is not here; `make services` installs it from Debian")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, http_port = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, port=port, http_port=http_port))
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "+foreground", "+configfile", str(settings)], stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{http_port}/sparql"
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
                break
            time.sleep(0.25)
        for grant in _GRANTS:
            command = [client, f"127.0.0.1:{port}", "dba", "dba", f"exec={grant};"]
            subprocess.run(command, capture_output=True, check=False, timeout=60)
        yield url
    finally:
        process.terminate()
        process.wait(30)


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """Answers as its path says: slowly, with nonsense, with an error, or not at all."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/dropped":
            self.connection.close()
            return
        if self.path == "/foreign":  # another protocol
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            return
        if self.path == "/short":  # half of what was announced, which is sound by itself
            self.send_response(200)
            self.send_header("Content-Type", "application/n-triples")
            self.send_header("Content-Length", "9999")
            self.end_headers()
            self.wfile.write(b"<urn:a> <urn:b> <urn:c> .\n")
            return
        self.send_response({"/denied": 403, "/bad": 400, "/broken": 500}.get(self.path, 200))
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(40 if self.path == "/dripping" else 0):
                self.wfile.write(b" ")
                time.sleep(0.2)
            self.wfile.write(b"<html>what?</html>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        del format, args


@pytest.fixture(scope="session")
def misbehaving() -> Iterator[str]:
    """The address of a server that answers badly."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def no_folder(path: Path) -> Path:
    """A file where a folder is expected."""
    path.write_text("no store")
    return path
