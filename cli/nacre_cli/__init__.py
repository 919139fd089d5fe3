"""The command line of Nacre: the only folder that knows typer and prints."""


def version() -> str:
    """The version of the installed distribution; looked up when asked, since that takes time."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("nacre")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "0+unknown"
