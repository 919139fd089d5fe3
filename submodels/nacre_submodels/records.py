"""Table rows as forms: one element path per column, one product per row; CSV and Excel.

A column is named as a form names the value: `asset.globalAssetId`, `submodel.Nameplate.SerialNumber`,
`submodel.Nameplate.ManufacturerName.en`, `submodel.Nameplate.Markings[0].MarkingName`.
"""

import codecs
import contextlib
import csv
import datetime as dt
import io
import itertools
import re
from pathlib import Path
from typing import Any

from nacre_aas.files import read_bytes
from nacre_submodels.builder import ValuePath
from nacre_submodels.errors import FormError
from nacre_submodels.form import FORM_VERSION, Form, Spot

#: Formats of Excel that only add zeros, such as 000000 and 0.00.
_ZEROS = re.compile(r"(0+)(?:\.(0+))?")
#: From here on Excel keeps no longer each digit of a number.
_EXACT = 10**15
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]{1,9})\]")


def read_row(name: str, row: int | None = None) -> Form:
    """One row of a table as a form; `row` counts from 1 and may be left out if there is only one.

    Raises:
        FormError: the table cannot be read, has no such row, or a column is no path.
        FileAccessError: the file cannot be read.
    """
    data = read_bytes(name)
    notes: tuple[str, ...] = ()
    if Path(name).suffix.lower() == ".xlsx":
        rows, notes = _excel(data)
        lines = list(range(1, len(rows) + 1))
    else:
        rows, lines = _csv(data)
    if not rows:
        raise FormError("the table is empty", "the first row names the columns", 1, 1)
    head, body = rows[0], [each for each in rows[1:] if any(cell != "" for cell in each)]
    if not body:
        raise FormError("the table has no row below its head", "each row is a product", 1, 1)
    if row is None and len(body) != 1:
        raise FormError(
            f"the table has {len(body)} rows, and one package holds one product",
            "choose one with --row N",
            2,
            1,
        )
    number = row or 1
    if not 1 <= number <= len(body):
        raise FormError(f"the table has no row {number}", f"it has {len(body)}")
    cells = body[number - 1]
    content: dict[str, Any] = {}
    columns: dict[ValuePath, int] = {}
    _check_head(head, cells)
    for column, title in enumerate(head):
        value = cells[column] if column < len(cells) else ""
        if title == "" or value == "":
            continue
        path = _path(str(title), column)
        columns[path] = column
        _put(content, path, value, column)
    columns = {_without_gaps(content, path): column for path, column in columns.items()}
    _close_gaps(content)
    with contextlib.suppress(ValueError, TypeError):  # a table writes 1 as 1.0, too
        if float(content.get("form", FORM_VERSION)) == FORM_VERSION:
            content["form"] = FORM_VERSION
    line = next(at for at, each in zip(lines, rows, strict=True) if each is cells)

    def locate(path: ValuePath) -> Spot | None:
        for length in range(len(path), 0, -1):
            for known, column in columns.items():
                if known[:length] == path[:length]:
                    return Spot(line, column + 1, f"{head[column]} = {cells[column]}"[:100], 1)
        return Spot(line, 1, "", 1)

    return Form(content, locate, is_table=True, notes=notes)


def _check_head(head: list[Any], cells: list[Any]) -> None:
    """Refuse what would be lost: a value without a column, and a column that stands twice."""
    titles = [str(title).strip() for title in head]
    for column, value in enumerate(cells):
        if value != "" and (column >= len(head) or titles[column] == ""):
            raise FormError(f"`{value}` stands under no column", "name the column", 1, column + 1)
    for column, title in enumerate(titles):
        if title and title in titles[:column]:
            raise FormError(f"the column `{title}` stands twice", "remove one", 1, column + 1)


def _csv(data: bytes) -> tuple[list[list[Any]], list[int]]:
    """The rows, and the line that each begins in: a cell may hold several."""
    is_wide = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # Excel's "Unicode text"
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what Excel writes on many machines
    first = text.split("\n", 1)[0]
    mark = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    found: list[list[Any]] = []
    lines: list[int] = []
    before = 0
    try:
        for row in rows:
            found.append(list(row))
            lines.append(before + 1)
            before = rows.line_num
    except csv.Error as error:
        hint = "save it as CSV; a quote inside of a text in quotes is written twice"
        raise FormError(f"the file is no CSV: {error}", hint, rows.line_num, 1) from None
    return found, lines


def _excel(data: bytes) -> tuple[list[list[Any]], tuple[str, ...]]:
    """The cells of the first sheet, and what is to be said about the others."""
    try:
        import openpyxl
    except ImportError:
        hint = "pip install 'nacre[excel]', or save the table as CSV"
        raise FormError("reading .xlsx needs openpyxl, which is not installed", hint) from None
    unknown: str | None = None
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = list(book.worksheets[0].rows)
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].rows
        for row, written in zip(rows, formulas, strict=True):
            for cell, source in zip(row, written, strict=False):
                if cell.value is None and source.data_type == "f":
                    unknown = source.coordinate
    except Exception as error:  # noqa: BLE001 - the library raises whatever the file provokes
        raise FormError(f"the file is no Excel table: {error}") from None
    if unknown is not None:
        message = f"the cell {unknown} holds a formula whose value the file does not know"
        raise FormError(message, "open and save the table with Excel, or write the value")
    for row in rows:
        for cell in row:
            value: Any = cell.value
            is_number = isinstance(value, int | float) and "E" not in cell.number_format
            if is_number and abs(value) >= _EXACT and value == value // 1:
                message = (
                    f"the cell {cell.coordinate} holds a number of more digits than Excel keeps"
                )
                raise FormError(message, "format the cell as text, and write the number again")
            if cell.data_type == "e":
                message = f"the cell {cell.coordinate} holds the error `{cell.value}`"
                raise FormError(message, "repair the formula, or leave the cell empty")
    others = [each.title for each in book.worksheets[1:] if any(True for _ in each.values)]
    notes = [f"the sheet `{title}` is not read: a table is the first sheet" for title in others]
    cells = [["" if cell.value is None else _as_shown(cell) for cell in row] for row in rows]
    return cells, tuple(notes)


def _as_shown(cell: Any) -> Any:
    """The value of a cell; a number with the zeros that its format adds, if that changes nothing else."""
    value, match = cell.value, _ZEROS.fullmatch(cell.number_format or "")
    if match is None or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    decimals = len(match[2] or "")
    width = len(match[1]) + decimals + bool(decimals)
    shown = f"{abs(value):0{width}.{decimals}f}"
    return ("-" if value < 0 else "") + shown if float(shown) == abs(value) else value


def _path(title: str, column: int) -> ValuePath:
    steps: list[str | int] = [
        match[1].strip() if match[1] is not None else int(match[2])
        for match in _STEP.finditer(title.strip())
    ]
    if any(isinstance(step, int) and step > 9999 for step in steps):
        raise FormError(f"the position in `{title}` is too large", "at most 9999", 1, column + 1)
    if not steps or not isinstance(steps[0], str):
        raise FormError(
            f"the column `{title}` is no path", "such as asset.globalAssetId", 1, column + 1
        )
    return tuple(steps)


def _put(content: dict[str, Any], path: ValuePath, value: Any, column: int) -> None:
    """Enter a cell into the nested content of a form."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    here: Any = content
    for step, following in itertools.pairwise(path):
        here = _entered(here, step, [] if isinstance(following, int) else {})
        if not isinstance(here, list if isinstance(following, int) else dict):
            message = f"the column `{'.'.join(map(str, path))}` contradicts an earlier one"
            raise FormError(message, None, 1, column + 1)
    last: Any = path[-1]
    if isinstance(last, int):
        _entered(here, last, "")
    there = here.get(last) if isinstance(here, dict) else here[last]
    if isinstance(there, (dict, list)) and there:
        message = f"the column `{'.'.join(map(str, path))}` contradicts an earlier one"
        raise FormError(message, None, 1, column + 1)
    here[last] = value


def _without_gaps(content: dict[str, Any], path: ValuePath) -> ValuePath:
    """A path as it is once nothing stands in a list for what has no cell in this row."""
    here: Any = content
    steps: list[str | int] = []
    for step in path:
        is_position = isinstance(step, int)
        steps.append(sum(1 for each in here[:step] if _is_filled(each)) if is_position else step)
        here = here[step]
    return tuple(steps)


def _close_gaps(here: Any) -> None:
    if isinstance(here, list):
        here[:] = filter(_is_filled, here)
    for each in here.values() if isinstance(here, dict) else here if isinstance(here, list) else ():
        _close_gaps(each)


def _is_filled(value: Any) -> bool:
    return value not in ("", {}, [])


def _entered(here: Any, step: str | int, empty: Any) -> Any:
    """What stands at a step, made if there is nothing yet."""
    if isinstance(step, str):
        return here.setdefault(step, empty)
    while len(here) <= step:
        here.append(type(empty)())
    return here[step]
