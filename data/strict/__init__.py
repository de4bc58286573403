"""The one reader of files that people maintain: strict models, French sentences, one exception."""

from data.strict.model import Identifier, Number, Strict, Text, given_twice
from data.strict.reading import BrokenReference, read_csv, read_json, read_settings, read_toml, reference_file

__all__ = [
    "BrokenReference",
    "Identifier",
    "Number",
    "Strict",
    "Text",
    "given_twice",
    "read_csv",
    "read_json",
    "read_settings",
    "read_toml",
    "reference_file",
]
