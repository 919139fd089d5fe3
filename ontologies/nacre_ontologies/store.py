"""Where graphs are asked: in memory, in a folder (pyoxigraph), or at any SPARQL 1.1 endpoint.

Each package is a pair of named graphs, so that every answer can say where it is from; the default graph
of a query is the union of all of them.
"""

import contextlib
import dataclasses
import http.client
import itertools
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from nacre_aas.errors import InputError
from nacre_aas.opc import size_text
from nacre_ontologies import bounded, sparql
from nacre_ontologies.errors import QueryError, QueryTimeoutError, StoreError
from nacre_ontologies.identifiers import is_iri

#: Seconds that a query may take, unless told otherwise.
TIMEOUT = 60.0
#: Bytes of an answer of a remote store beyond which nothing of it is read.
_LARGEST_ANSWER = 1 << 29
#: Below so many statements a transaction is faster than the bulk loader, which writes files of its own each time.
_SMALL = 50_000


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a query gave.

    `data` is the answer as SPARQL 1.1 Query Results in JSON, or N-Triples for CONSTRUCT and DESCRIBE.
    """

    kind: str
    data: bytes

    @property
    def variables(self) -> list[str]:
        """The names of the columns of a SELECT."""
        found = ox.parse_query_results(self.data, format=ox.QueryResultsFormat.JSON)
        return [each.value for each in getattr(found, "variables", ())]

    @property
    def rows(self) -> list[list[Any]]:
        """The rows of a SELECT, as terms of pyoxigraph; `None` where nothing is bound."""
        found = ox.parse_query_results(self.data, format=ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QueryBoolean):
            return [[ox.Literal("true" if found else "false")]]
        names = [each.value for each in found.variables]
        return [[solution[name] for name in names] for solution in found]


class Store(Protocol):
    """Something that answers SPARQL."""

    def query(self, text: str, timeout: float = TIMEOUT) -> Answer:
        """Ask a question.

        Raises:
            QueryError: the text is no SPARQL query.
            QueryTimeoutError: the answer took too long.
            StoreError: the store does not answer.
        """
        ...

    def load(self, quads: Iterable[ox.Quad], graph: str, timeout: float = TIMEOUT) -> None:
        """Put statements into a named graph, in place of those that were there.

        Raises:
            QueryTimeoutError: the store took too long.
        """
        ...

    def flush(self) -> None:
        """See that everything which was put in is kept."""
        ...

    def update(self, text: str) -> None:
        """Change the store as SPARQL 1.1 Update says."""
        ...


@contextlib.contextmanager
def _damaged() -> Generator[None]:
    """What the library raises about the files of a store, as an error of ours."""
    try:
        yield
    except RuntimeError as error:
        if type(error) is not RuntimeError:
            raise  # it is about what is put in
        raise StoreError(f"the store is damaged: {_first(error)}") from None


class LocalStore:
    """A store in memory, or in a folder that is kept."""

    def __init__(self, folder: Path | None = None, *, create: bool = False) -> None:
        """Open a store; `create` makes one in a folder that is empty or not there.

        Raises:
            StoreError: the folder holds no store, or another program has it open.
        """
        if folder is not None and not (folder / "CURRENT").is_file():
            is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
            if not (create and is_free):
                raise StoreError(
                    f"`{folder}` holds no store",
                    "give files to put into a new one, and a free folder",
                )
        try:
            self.store = ox.Store() if folder is None else ox.Store(str(folder))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(f"`{folder}` cannot be opened as a store: {_first(error)}") from None

    def load(self, quads: Iterable[ox.Quad], graph: str, timeout: float = TIMEOUT) -> None:  # noqa: ARG002
        """Put statements into a named graph, in place of those that were there.

        Raises:
            StoreError: the store is damaged.
        """
        with _damaged():
            self._load(quads, graph)

    def _load(self, quads: Iterable[ox.Quad], graph: str) -> None:
        name = ox.NamedNode(graph)
        if self.store.contains_named_graph(name):
            quads = list(quads)  # malformed statements must not cost those that are there
            self.store.remove_graph(name)
        named = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)
        try:
            first = list(itertools.islice(named, _SMALL))
            if len(first) < _SMALL:
                self.store.extend(first)
            else:
                self.store.bulk_extend(itertools.chain(first, named))
        except BaseException:
            with contextlib.suppress(OSError, RuntimeError):
                self.store.remove_graph(name)
            raise

    def flush(self) -> None:
        """Write everything to the disk, so that whoever opens the folder next has nothing to catch up on."""
        with _damaged():
            self.store.flush()

    def update(self, text: str) -> None:
        """Change the store as SPARQL 1.1 Update says."""
        try:
            self.store.update(text)
        except (SyntaxError, ValueError, OSError) as error:
            raise QueryError(f"the update cannot be run: {_first(error)}") from None

    def query(self, text: str, timeout: float = TIMEOUT) -> Answer:
        """Ask a question, in a process of its own that is ended when the time is over."""
        if sparql.asks_elsewhere(text):
            raise QueryError(
                "SERVICE would open a network connection", "ask the other endpoint with --store"
            )
        try:
            return bounded.run(lambda: self.answer(text), timeout)
        except TimeoutError:
            raise QueryTimeoutError(
                f"the query took longer than {timeout:g} s", "narrow it, or raise --timeout"
            ) from None
        except EOFError:
            raise StoreError("the query ended the process that ran it") from None

    def answer(self, text: str) -> Answer:
        """The same in this process, for questions that are known to end.

        Raises:
            QueryError: the text is no SPARQL query.
        """
        try:
            # The union would take the place of the graphs that the query itself names.
            union = not sparql.names_graphs(text)
            found: Any = self.store.query(text, use_default_graph_as_union=union)
            if isinstance(found, ox.QueryTriples):
                data = found.serialize(format=ox.RdfFormat.N_TRIPLES)
                return Answer("graph", data or b"")
            data = found.serialize(format=ox.QueryResultsFormat.JSON)
            return Answer("boolean" if isinstance(found, ox.QueryBoolean) else "table", data or b"")
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise QueryError(f"the query cannot be run: {_first(error)}") from None


class Endpoint:
    """A SPARQL 1.1 endpoint: query, and where it allows that, update and graph store protocol.

    `update_url` and `graph_url` are those of servers that have separate addresses; GraphDB and Fuseki
    do (docs/networks.md).
    """

    def __init__(
        self, url: str, update_url: str | None = None, graph_url: str | None = None
    ) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise StoreError(
                f"`{url}` is no address of an endpoint", "it begins with http or https"
            )
        self.url = url
        self.update_url = update_url or url
        self.graph_url = graph_url

    def query(self, text: str, timeout: float = TIMEOUT) -> Answer:
        """Ask a question."""
        word = sparql.form(text)
        is_graph = word in ("CONSTRUCT", "DESCRIBE")
        accept = "application/n-triples" if is_graph else "application/sparql-results+json"
        data = self._send(self.url, {"query": text}, accept, timeout)
        kind = "graph" if is_graph else "boolean" if word == "ASK" else "table"
        answer = Answer(kind, data)
        try:
            if kind == "boolean" and answer.variables:  # Virtuoso answers ASK with a table of 1
                verdict = b"true" if answer.rows else b"false"
                return Answer(kind, b'{"head":{},"boolean":' + verdict + b"}")
            if kind == "graph":
                for _ in ox.parse(data, format=ox.RdfFormat.N_TRIPLES):
                    pass
            else:
                _ = answer.rows
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.url} gave no SPARQL answer: {_first(error)}") from None
        return answer

    def flush(self) -> None:
        """The other side keeps what it has accepted."""

    def update(self, text: str, timeout: float = TIMEOUT) -> None:
        """Change the store as SPARQL 1.1 Update says."""
        self._send(self.update_url, {"update": text}, "*/*", timeout)

    def load(self, quads: Iterable[ox.Quad], graph: str, timeout: float = TIMEOUT) -> None:
        """Put statements into a named graph, in place of those that were there."""
        end = time.monotonic() + timeout
        data = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
        if self.graph_url is not None:
            url = f"{self.graph_url}?{urllib.parse.urlencode({'graph': graph})}"
            request = urllib.request.Request(  # noqa: S310 - the scheme was checked
                url, data, {"Content-Type": "application/n-triples"}, method="PUT"
            )
            self._open(request, timeout)
            return
        self.update(f"DROP SILENT GRAPH <{graph}>", timeout)
        lines = data.decode().split("\n")
        blank = [line for line in lines if "_:" in line]  # one node only within one update
        others = [line for line in lines if line and "_:" not in line]
        blocks = [others[start : start + 1000] for start in range(0, len(others), 1000)]
        for block in ([blank] if blank else []) + blocks:
            text = "\n".join(block)
            left = end - time.monotonic()
            if left <= 0:
                raise QueryTimeoutError(f"{self.url} did not take everything within {timeout:g} s")
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{text}\n}} }}", left)

    def _send(self, url: str, form: dict[str, str], accept: str, timeout: float) -> bytes:
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, body, {"Accept": accept})  # noqa: S310 - as above
        return self._open(request, timeout)

    def _open(self, request: urllib.request.Request, timeout: float) -> bytes:
        try:
            end = time.monotonic() + timeout
            with urllib.request.urlopen(request, timeout=bounded.of_system(timeout)) as reply:  # noqa: S310
                return self._read(reply, end)
        except urllib.error.HTTPError as error:
            text = ""
            with contextlib.suppress(OSError, http.client.HTTPException):
                text = error.read(500).decode("utf-8", "replace")
            to = error.headers.get("Location")  # nothing is sent to where nobody named
            said = f"it has moved to {to}" if 300 <= error.code < 400 and to else _first(text)
            message = f"{self.url} answered {error.code}: {said}"
            raise (QueryError if error.code == 400 else StoreError)(message) from None
        except TimeoutError:
            raise QueryTimeoutError(f"{self.url} did not answer within {timeout:g} s") from None
        except http.client.HTTPException as error:
            message = f"{self.url} breaks off, or speaks no HTTP: {_first(repr(error))}"
            raise StoreError(message) from None
        except (urllib.error.URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise QueryTimeoutError(f"{self.url} did not answer within {timeout:g} s") from None
            raise StoreError(f"{self.url} does not answer: {_first(reason)}") from None

    def _read(self, reply: Any, end: float) -> bytes:
        """An answer as it comes in, until a time on the clock that only goes on.

        Raises:
            TimeoutError: the answer is not complete by then.
            StoreError: it is larger than anybody reads.
            IncompleteRead: it ends before the length that it announced.
        """
        found = bytearray()
        while piece := reply.read1(1 << 16):
            found += piece
            if time.monotonic() > end:
                raise TimeoutError
            if len(found) > _LARGEST_ANSWER:
                raise StoreError(
                    f"{self.url} answers with more than {size_text(_LARGEST_ANSWER)}",
                    "narrow the query, such as by LIMIT",
                )
        if reply.length:  # what is still to come
            raise http.client.IncompleteRead(bytes(found[:0]), reply.length)
        return bytes(found)


def ask_all(
    stores: Sequence[tuple[str, Store]], text: str, timeout: float = TIMEOUT
) -> tuple[Answer, dict[str, InputError]]:
    """Ask several stores the same question, and put their answers together.

    Each row of a table says in `source` which store it is from. A store that does not answer is in
    the second value, and the others' answers still count.
    """
    kinds: list[str] = []
    columns, graph, is_true = dict.fromkeys(["source"]), b"", False
    rows: list[dict[str, Any]] = []
    failed: dict[str, InputError] = {}
    for name, store in stores:
        try:
            answer = store.query(text, timeout)
        except (StoreError, QueryTimeoutError) as error:
            failed[name] = error
            continue
        kinds.append(answer.kind)
        if answer.kind == "graph":
            graph += answer.data
        elif answer.kind == "boolean":
            is_true |= b"true" in answer.data
        else:
            found = json.loads(answer.data)
            columns |= dict.fromkeys(found["head"]["vars"])
            source = {"type": "uri" if is_iri(name) else "literal", "value": name}
            rows += ({"source": source, **row} for row in found["results"]["bindings"])
    kind = kinds[0] if kinds else "table"
    if kind == "graph":
        return Answer(kind, graph), failed
    if kind == "boolean":
        return Answer(kind, json.dumps({"head": {}, "boolean": is_true}).encode()), failed
    table = {"head": {"vars": [*columns]}, "results": {"bindings": rows}}
    return Answer(kind, json.dumps(table).encode()), failed


def _first(error: object) -> str:
    """The first line of what a library says."""
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def open_store(location: str | None, *, create: bool = False) -> Store:
    """The store at an address or in a folder; in memory without either.

    `create` makes a store in a free folder: only who has something to put into it asks for that.

    Raises:
        StoreError: the folder holds no store.
    """
    if location is None:
        return LocalStore()
    if not location.strip():
        raise StoreError("the address of the store is empty")
    if "://" in location:
        return Endpoint(location)
    return LocalStore(Path(location), create=create)
