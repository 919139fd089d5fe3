"""A small ledger of its own for each test, with keys that no other test changes."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from msgspec.structs import replace
from services import rpc, running_anvil

from conftest import ROOT, nacre
from nacre_ledger import checkpoint, event, keys, log
from nacre_ledger.chains import anchoring
from nacre_ledger.commitment import SALT_SIZE, batch_message, commitment
from nacre_ledger.event import Event, Head
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import leaf_hash
from nacre_ledger.note import SignerKey
from nacre_ledger.tiles import extended

ORIGIN = "factory.example/log"
ASSET = "https://acme.example/p/4711"


def draft(**values: Any) -> Event:
    """An event of the pump, with what a test says."""
    given = {
        "activity": "inspection",
        "asset": ASSET,
        "happened": "2026-10-14T09:20:00+02:00",
        "agent": "tech-07",
    }
    return event.draft({**given, **values})


def codes(found: Any) -> list[str]:
    """Of findings, the rule of each."""
    return [each.code for each in found]


@pytest.fixture
def key_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    monkeypatch.setenv("NACRE_KEYS", str(folder))
    return folder


@pytest.fixture
def ledger(tmp_path: Path, key_folder: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    assert not key_folder.exists()
    log.create(tmp_path / "ledger", ORIGIN)
    with Ledger(tmp_path / "ledger") as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def either_store(
    request: pytest.FixtureRequest, tmp_path: Path, key_folder: Path
) -> Iterator[Ledger]:
    """An empty ledger in either store; a module takes it as its `ledger`."""
    assert not key_folder.exists()
    place = (
        tmp_path / "ledger" if request.param == "sqlite" else request.getfixturevalue("database")
    )
    log.create(place, ORIGIN)
    with Ledger(place) as opened:
        yield opened


@pytest.fixture(params=["embedded", "anvil"])
def on_chain(request: pytest.FixtureRequest, ledger: Ledger) -> Iterator[Ledger]:
    """A ledger on either chain, with money for gas."""
    if request.param == "embedded":
        yield ledger
        return
    with running_anvil() as url:
        move_to_chain(ledger, url)
        rpc(url, "anvil_setBalance", anchoring.account_of(ORIGIN), hex(10**20))
        with Ledger(ledger.folder) as opened:
            yield opened


def move_to_chain(ledger: Ledger, url: str) -> None:
    """Name another chain in the settings of a ledger in a folder."""
    path = ledger.folder / "ledger.toml"
    path.write_text(path.read_text("utf-8").replace('"embedded"', f'"{url}"'), "utf-8")


@pytest.fixture
def writer(key_folder: Path) -> SignerKey:
    assert not key_folder.is_file()
    return keys.create("tech-07")


@pytest.fixture
def filled(ledger: Ledger, writer: SignerKey) -> Ledger:
    """A ledger with 600 events in 3 batches and a checkpoint after each."""
    for number in range(3):
        drafts = [draft(note=f"{number}-{at}", fields={"n": str(at)}) for at in range(200)]
        ledger.record(drafts, writer)
        ledger.checkpoint(keys.load(ORIGIN))
    return ledger


# -- as commands -------------------------------------------------------------------------------------

Run = Callable[..., CompletedProcess[bytes]]


def _in_folder(folder: Path) -> Run:
    def command(*arguments: str, stdin: bytes = b"", **environment: str) -> CompletedProcess[bytes]:
        given = {"NACRE_KEYS": str(folder / "keys"), **environment}
        return nacre(*arguments, stdin=stdin, cwd=folder, **given)

    return command


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return _in_folder(tmp_path)


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every shop begins with; nobody writes to it."""
    folder = tmp_path_factory.mktemp("shop")
    run = _in_folder(folder)
    assert run("ledger", "init", "--origin", "factory.example/log").returncode == 0
    assert run("ledger", "keys", "new", "tech-07").returncode == 0
    pump = folder / "pump.aasx"
    assert run("export", str(ROOT / "examples" / "pump.json"), "-o", str(pump)).returncode == 0
    for arguments in (
        ("--activity", "manufacturing", "--update", "pump.aasx", "--to", "acme"),
        ("--activity", "repair", "--note", "Bearing replaced"),
    ):
        result = run("ledger", "record", "--asset", ASSET, "--key", "tech-07", *arguments)
        assert result.returncode == 0, result.stderr
    assert run("ledger", "checkpoint", "-o", "last.ckpt").returncode == 0
    assert run("ledger", "keys", "trust", "-o", "trust.toml").returncode == 0
    assert run("ledger", "embed", "pump.aasx", "-o", "packed.aasx").returncode == 0
    return folder


@pytest.fixture
def shop(run: Run, tmp_path: Path, shop_folder: Path) -> Run:
    """A ledger with two events of a pump and a checkpoint, and a package with evidence."""
    shutil.copytree(shop_folder, tmp_path, dirs_exist_ok=True)
    return run


def forge(
    ledger: Ledger,
    writer: SignerKey,
    made: Event,
    *,
    body: bytes | None = None,
    field_root: bytes | None = None,
    **changes: Any,
) -> int:
    """Append what no log writes, signed by a writer who has the store at hand; where it stands."""
    position, salt, now = ledger.size(), b"s" * SALT_SIZE, event.now()
    known = ledger.checkpoint_note()
    head = None if known is None else checkpoint.parse(known.text)
    usual: dict[str, Any] = {"recorded": event.utc(now)}
    if head is not None:
        usual["previous"] = Head(size=head.size, root=head.root.hex())
    made = replace(made, **(usual | changes))
    body = event.canonical(made) if body is None else body
    leaf = leaf_hash(commitment(salt, body, field_root))
    names = (made.event_id, made.asset, made.activity.value, made.agent)
    times = (event.instant(made.happened), event.instant(made.recorded or ""))
    message = batch_message(ledger.origin, writer.verifier, 1, leaf)
    tiles = extended(position, leaf, ledger._tile)
    with ledger.store.transaction():
        ledger.store.insert("event", [(position, *names, *times, salt, field_root, body)])
        ledger.store.insert("batch", [(position, 1, str(writer.verifier), writer.sign(message))])
        ledger._write_tiles(tiles)
    return position
