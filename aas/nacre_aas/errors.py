"""Exceptions: "I cannot go on". What is wrong *inside* an input is a `Finding`, never one of these.

    NacreError
    ├─ InputError                 nothing can be said about the input
    │  ├─ FileAccessError         missing, unreadable, a folder where a file is needed
    │  ├─ MalformedDocumentError  not JSON, XML or ZIP, or not well-formed
    │  ├─ NotAPackageError        a ZIP that holds no AAS
    │  ├─ NoContentError          well-formed, but no AAS content in it
    │  ├─ UnsupportedVersionError metamodel 1 or 2
    │  └─ LimitExceededError      larger, deeper or more packed than allowed
    ├─ SerializationError         a value that the target format cannot hold
    └─ EditError                  a path or value given by the user that does not fit the model

Every class can be pickled, since files are read in a pool of processes.
"""

import contextlib
from collections.abc import Generator


class NacreError(Exception):
    """Root of all exceptions of Nacre; `hint` says what the reader can do."""

    code = "NACRE"

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.hint), self.__dict__.copy()


class InputError(NacreError):
    """Nothing can be said about an input.

    `code` names the rule that explains why, `file` the file as far as it is known, `part` the part of a
    package that is to blame, `line` and `column` (from 1) the place in it.
    """

    file: str | None = None
    part: str | None = None
    line: int | None = None
    column: int | None = None


@contextlib.contextmanager
def about(file: str) -> Generator[None]:
    """Note which file it is that nothing can be said about."""
    try:
        yield
    except InputError as error:
        error.file = error.file or file
        raise


class FileAccessError(InputError):
    """The file is missing or cannot be read."""

    code = "SER-006"


class MalformedDocumentError(InputError):
    """The text is not JSON, XML or ZIP, or breaks its syntax at `line` and `column` (from 1)."""

    code = "SER-001"

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.hint, self.line, self.column), self.__dict__.copy()


class NotAPackageError(InputError):
    """The ZIP archive holds no AAS environment, or is encrypted."""

    code = "SER-005"


class NoContentError(InputError):
    """The document is well-formed but contains nothing of the AAS metamodel."""

    code = "SER-004"


class UnsupportedVersionError(InputError):
    """The document was written for a metamodel before 3.0."""

    code = "SER-003"


class LimitExceededError(InputError):
    """The document is larger, deeper or more tightly packed than the limits allow."""

    code = "SER-002"


class SerializationError(NacreError):
    """The target format or version cannot hold the content."""


class EditError(NacreError):
    """A path or a value given for an edit does not fit the model."""
