"""lxml as a module of unknown types: it ships none, and its stubs describe an older release."""

import importlib
from typing import Any

etree: Any = importlib.import_module("lxml.etree")
