"""What cannot go on with templates and forms."""

from nacre_aas.errors import InputError, NacreError


class TemplateError(InputError):
    """A template is not known, or a file holds none."""

    code = "SMT-030"


class BuildError(NacreError):
    """A value does not fit the template; `path` says where, from the submodel down."""

    def __init__(self, message: str, path: tuple[str | int, ...] = (), hint: str | None = None):
        super().__init__(message, hint)
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.path, self.hint), self.__dict__.copy()
