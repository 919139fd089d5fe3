"""What cannot go on with templates and forms."""

from nacre_aas.errors import InputError, MalformedDocumentError


class TemplateError(InputError):
    """A template is not known, or a file holds none."""

    code = "SMT-030"


class FormError(MalformedDocumentError):
    """A form that cannot be read, at `line` and `column` (from 1)."""

    code = "SMT-033"
