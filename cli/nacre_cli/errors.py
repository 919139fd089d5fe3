"""What only the command line can do wrong."""


class UsageError(Exception):
    """The arguments or the configuration make no sense; exit code 2."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
