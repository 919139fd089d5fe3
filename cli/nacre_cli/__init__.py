"""The command line of Nacre: the only folder that knows typer and prints."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("nacre")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0+unknown"
