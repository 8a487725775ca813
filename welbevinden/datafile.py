"""Content as data files: YAML read with the line of every value, faults that name file and line.

No Django here: the pure modules (advice library, vocabulary) read their content through this.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from jsonschema import Draft202012Validator

Keys: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a content file: where it stands and what is wrong."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(Exception):
    """A content file cannot be used. `faults` holds every fault found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A parsed file: `data` as plain Python values, `lines` from a path in it to its line number."""

    name: str
    data: Any
    lines: dict[Keys, int]

    def fault(self, path: Sequence[str | int], message: str) -> Fault:
        """A fault at `path`; where that exact path has no line, its nearest parent gives one."""
        key = tuple(path)
        while key and key not in self.lines:
            key = key[:-1]
        return Fault(self.name, self.lines.get(key, 1), message)


def read(path: Path) -> DataFile:
    """Read one YAML file.

    Raises ContentError when it is not UTF-8, not YAML, or names one key twice in a mapping.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8")
        loader = yaml.CSafeLoader(text)
        reading = _Reading(name, loader)
        try:
            node = loader.get_single_node()
            data = reading.plain(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise ContentError([Fault(name, 1, f"is geen UTF-8: {error.reason}")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([Fault(name, line, f"is geen geldige YAML: {error.problem}")]) from error
    if reading.faults:
        raise ContentError(reading.faults)
    return DataFile(name, data, reading.lines)


class _Reading:
    """Turns YAML nodes into plain values, and remembers the line of each."""

    def __init__(self, name: str, loader: Any) -> None:
        self.name = name
        self.loader = loader
        self.lines: dict[Keys, int] = {}
        self.faults: list[Fault] = []

    def plain(self, node: yaml.Node, path: Keys) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        return self.loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.loader.construct_object(key_node)
            line = key_node.start_mark.line + 1
            if key in mapping:
                self.faults.append(Fault(self.name, line, f"'{key}' staat er dubbel"))
            mapping[key] = self.plain(value_node, (*path, key))
            # The key's line is what a person looks for; a folded text starts a line later.
            self.lines[*path, key] = line
        return mapping


def check(file: DataFile, schema: dict[str, Any]) -> list[Fault]:
    """Faults of `file` against a JSON Schema (draft 2020-12), each with its line."""
    return [
        file.fault(list(error.absolute_path), _say(error))
        for error in _validator(json.dumps(schema, sort_keys=True)).iter_errors(file.data)
    ]


@lru_cache(maxsize=16)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _say(error: Any) -> str:
    """A Dutch sentence for a schema fault: what is wrong and what is allowed."""
    last = error.absolute_path[-1] if error.absolute_path else ""
    where = f"'{last}': " if isinstance(last, str) and last else ""
    match error.validator:
        case "enum":
            return f"{where}{error.instance!r} is onbekend; wel kan: {', '.join(map(str, error.validator_value))}"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"{where}ontbreekt: {', '.join(missing)}"
        case "additionalProperties":
            allowed = set(error.schema.get("properties", {}))
            unknown = sorted(str(key) for key in set(error.instance) - allowed)
            return f"{where}onbekende sleutel: {', '.join(unknown)}; wel kan: {', '.join(sorted(allowed))}"
        case "type":
            return f"{where}moet van de soort {error.validator_value} zijn"
        case "minLength" | "minItems":
            return f"{where}is leeg of te kort"
        case "maxLength":
            return f"{where}is langer dan {error.validator_value} tekens"
        case "pattern":
            return f"{where}{error.instance!r} heeft niet de juiste vorm"
        case _:
            return f"{where}{error.message}"
