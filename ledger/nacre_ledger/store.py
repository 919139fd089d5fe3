"""The database of a log: SQLite in the ledger's folder, or PostgreSQL where several machines write.

Both speak the same SQL, but for the words in `PostgresStore`. A transaction is durable when it is
committed: SQLite syncs the write-ahead log at every commit (synchronous=FULL).
"""

import abc
import contextlib
import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nacre_ledger.errors import StoreError

VERSION = 1
_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    asset TEXT NOT NULL,
    activity TEXT NOT NULL,
    agent TEXT NOT NULL,
    happened INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    salt BLOB NOT NULL,
    field_root BLOB,
    body BLOB NOT NULL
);
CREATE INDEX event_of_asset ON event (asset, happened, position);
CREATE TABLE mention (
    asset TEXT NOT NULL,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (asset, position, role)
);
CREATE INDEX mention_of_entry ON mention (position);
CREATE TABLE attachment (
    position INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (position, sha256)
);
CREATE TABLE erased (
    position INTEGER PRIMARY KEY,
    id_digest BLOB NOT NULL UNIQUE
);
CREATE TABLE batch (
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    writer TEXT NOT NULL,
    signature BLOB NOT NULL
);
CREATE TABLE tile (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
);
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE anchor (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    transaction_hash BLOB NOT NULL,
    raw BLOB NOT NULL,
    state TEXT NOT NULL,
    block INTEGER,
    block_hash BLOB
);
"""


class DuplicateError(Exception):
    """A row with the key exists already."""


class Store(abc.ABC):
    """A connection to a log's database."""

    @abc.abstractmethod
    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and give all its rows."""

    @abc.abstractmethod
    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run a query and give its rows one by one."""

    @abc.abstractmethod
    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows with all their columns.

        Raises:
            DuplicateError: one of them is there already.
        """

    @abc.abstractmethod
    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        """Everything inside is durable when it ends, or has never been; one writer at a time."""

    @abc.abstractmethod
    def wipe(self) -> None:
        """Overwrite what was deleted, in the database and in its write-ahead log.

        Raises:
            StoreError: a reader still needs what was deleted.
        """

    @abc.abstractmethod
    def faults(self) -> Iterator[str]:
        """What is wrong with tables and indexes themselves, so that a question could miss rows."""

    @abc.abstractmethod
    def close(self) -> None:
        """Give the connection back."""

    def setting(self, name: str) -> str | None:
        """A setting that belongs to the data, such as the address of the contract."""
        rows = self.execute("SELECT value FROM setting WHERE name = ?", name)
        return rows[0][0] if rows else None

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.execute("DELETE FROM setting WHERE name = ?", name)
        self.execute("INSERT INTO setting VALUES (?, ?)", name, value)

    def _check_version(self, where: str) -> None:
        try:
            found = self.setting("version")
        except StoreError:
            raise StoreError(f"`{where}` holds no log", "`nacre ledger init` makes one") from None
        if found != str(VERSION):
            raise StoreError(f"`{where}` has version {found} of the tables, not {VERSION}")


class SqliteStore(Store):
    """A log in one SQLite file."""

    def __init__(self, path: Path, *, create: bool = False, read_only: bool = False) -> None:
        if not create and not path.is_file():
            raise StoreError(f"there is no log `{path}`", "`nacre ledger init` makes one")
        self._path = path
        try:
            self._connection = self._connect(read_only=read_only)
            if create:
                self._connection.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
                self.set("version", str(VERSION))
        except sqlite3.Error as error:
            raise _store_error(error, path) from None
        self._check_version(str(path))

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        if not read_only:
            connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA cache_size=-65536")
            return connection
        for mode in ("mode=ro", "immutable=1"):  # the second for a folder that cannot be written to
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?{mode}",
                uri=True,
                timeout=60,
                isolation_level=None,
            )
            try:
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            except sqlite3.OperationalError:
                connection.close()
                continue
            return connection
        raise StoreError(f"`{self._path}` cannot be read", "is it a SQLite file, and readable?")

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _store_error(error, self._path) from None

    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        try:
            for row in self._connection.execute(sql, values):  # noqa: UP028 - that would close the cursor late
                yield row
        except sqlite3.Error as error:
            raise _store_error(error, self._path) from None

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        marks = ",".join("?" * len(rows[0]))
        try:
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        except sqlite3.IntegrityError as error:
            raise DuplicateError(str(error)) from None
        except sqlite3.Error as error:
            raise _store_error(error, self._path) from None

    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def wipe(self) -> None:
        ((is_busy, *_),) = self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if is_busy:
            raise StoreError(
                f"`{self._path}` is being read, so what was deleted still stands in its files",
                "end the readers and call this again; `nacre ledger fsck` says if it is to be done",
            )

    def faults(self) -> Iterator[str]:
        with contextlib.closing(sqlite3.connect(":memory:")) as made:
            made.executescript(_SCHEMA)
            expected = set(made.execute(_OBJECTS))
        changed = expected.symmetric_difference(self.execute(_OBJECTS))
        for name in sorted({name for _, name, _ in changed}):
            yield f"`{name}` of the database is not as a log makes it"
        for (said,) in self.execute("PRAGMA integrity_check(8)"):
            if said != "ok":
                yield f"SQLite says of the database: {said}"

    def close(self) -> None:
        self._connection.close()


_OBJECTS = "SELECT type, name, sql FROM sqlite_master"


def _store_error(error: sqlite3.Error, path: Path) -> StoreError:
    text = str(error)
    hints = {
        "locked": "another process writes to it; try again",
        "full": "make room on the disk; nothing of this request was recorded",
        "readonly": "the file or its folder cannot be written to",
        "unable to open": "the file or its folder cannot be read or written",
        "malformed": "restore it from a copy and run `nacre ledger fsck`",
        "not a database": "restore it from a copy and run `nacre ledger fsck`",
    }
    hint = next((each for word, each in hints.items() if word in text), None)
    return StoreError(f"`{path}`: {text}", hint)


class PostgresStore(Store):
    """A log in a PostgreSQL database, named by its URL."""

    def __init__(self, url: str, *, create: bool = False) -> None:
        try:
            import psycopg
        except ImportError:
            hint = "pip install 'nacre[postgres]'"
            raise StoreError("a log in PostgreSQL needs psycopg, which is missing", hint) from None
        self._psycopg, self._url = psycopg, url
        try:
            self._connection: Any = psycopg.connect(url, autocommit=True)
            self._connection.execute("SET synchronous_commit = on")  # whatever the server's default
            if create:
                schema = _SCHEMA.replace("INTEGER", "BIGINT").replace("BLOB", "BYTEA")
                with self._connection.transaction():
                    self._connection.execute(schema)
                    self.set("version", str(VERSION))
        except psycopg.Error as error:
            raise self._error(error) from None
        self._check_version(name_of(url))

    def _error(self, error: Exception) -> StoreError:
        return StoreError(f"PostgreSQL: {str(error).strip().splitlines()[0]}")

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            cursor = self._connection.execute(sql.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []
        except self._psycopg.errors.UniqueViolation as error:
            raise DuplicateError(str(error)) from None
        except self._psycopg.Error as error:
            raise self._error(error) from None

    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        try:  # on a connection of its own, which ends with the generator and blocks nobody
            with (
                self._psycopg.connect(self._url) as connection,
                connection.cursor("stream") as cursor,
            ):
                cursor.itersize = 5000
                yield from cursor.execute(sql.replace("?", "%s"), values)
        except self._psycopg.Error as error:
            raise self._error(error) from None

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        types = self._types(table)
        try:
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
            ):
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        except self._psycopg.errors.UniqueViolation as error:
            raise DuplicateError(str(error)) from None
        except self._psycopg.Error as error:
            raise self._error(error) from None

    def _types(self, table: str) -> list[str]:
        return [
            row[0]
            for row in self.execute(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
                "WHERE attrelid = ?::regclass AND attnum > 0 ORDER BY attnum",
                table,
            )
        ]

    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        try:
            with self._connection.transaction():
                # Readers go on; a second writer waits here.
                self._connection.execute("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE")
                yield
        except self._psycopg.Error as error:
            raise self._error(error) from None

    def wipe(self) -> None:
        for table in ("event", "mention", "attachment"):
            self.execute(f"VACUUM FULL {table}")
        # A new segment of the write-ahead log; the server removes the old ones if its setting
        # wal_recycle is off (ledger/README.md, PostgreSQL).
        self.execute("SELECT pg_switch_wal()")
        self.execute("CHECKPOINT")

    def faults(self) -> Iterator[str]:
        for (name,) in self.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid IN"
            " ('event'::regclass, 'mention'::regclass, 'tile'::regclass, 'batch'::regclass)"
            " AND (indpred IS NOT NULL OR indexprs IS NOT NULL OR NOT indisvalid) ORDER BY 1"
        ):
            yield f"the index `{name}` of the database leaves rows out"

    def close(self) -> None:
        self._connection.close()


def is_url(place: Path | str) -> bool:
    """Whether a place is that of a PostgreSQL database."""
    return str(place).startswith(("postgresql://", "postgres://"))


def name_of(place: Path | str) -> str:
    """A place as others may read it: a URL without user, password and settings."""
    if not is_url(place):
        return str(place)
    scheme, _, rest = str(place).partition("://")
    address = re.sub("^[^@/]*@", "", rest)  # where libpq looks for the user, too
    return f"{scheme}://{address.partition('?')[0]}"


def open_store(place: str, folder: Path, *, create: bool = False, read_only: bool = False) -> Store:
    """The store that a ledger's settings name.

    Raises:
        StoreError: it cannot be opened.
    """
    if is_url(place):
        return PostgresStore(place, create=create)
    return SqliteStore(folder / place, create=create, read_only=read_only)


def chunks(values: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """Values in lists of a size that fits into one statement."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
