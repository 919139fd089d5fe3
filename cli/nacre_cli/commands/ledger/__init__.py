"""`nacre ledger`: record events, sign and anchor the log, audit it, prove what it says."""

from nacre_cli.commands.ledger import proving, reading, recording
from nacre_cli.options import group

app = group("ledger", "Events of assets on an append-only log: record, audit, prove.")
for _name, _command in (
    *recording.COMMANDS.items(),
    *reading.COMMANDS.items(),
    *proving.COMMANDS.items(),
):
    app.command(_name)(_command)
for _group in (recording.keys_app, reading.query_app, proving.witness_app):
    app.add_typer(_group)
