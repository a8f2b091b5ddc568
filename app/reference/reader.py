"""Resource files become frozen dataclasses, strictly.  What the files mean is the business of the modules beside this one."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from app.paths import resource

T = TypeVar("T")


class ResourceError(ValueError):
    """A resource file does not hold what the program needs: the installation is broken or the file was edited wrongly."""


def load(name: str, shape: type[T]) -> T:
    """Return the resource file `name` as `shape`.

    Raises:
        ResourceError: The file does not fit the shape; the text names the place.
    """
    return build(shape, read_json(name), name)


def read_json(name: str) -> Any:
    """Return the parsed JSON of the resource file `name`.

    Raises:
        ResourceError: The file is not JSON.
    """
    try:
        return json.loads(resource(name).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ResourceError(f"{name}: line {error.lineno}: not JSON") from error


def build(shape: type[T], raw: object, where: str) -> T:
    """Return `raw`, parsed JSON, as an instance of the type `shape`.

    Understands dataclasses, enums, dates, tuples, mappings, optional values and plain values.  Keys that start with
    an underscore are notes to the reader of the file.

    Raises:
        ResourceError: Something is missing, unknown or of another type.
    """
    return typing.cast("T", _value(shape, raw, where))


def _value(shape: Any, raw: object, where: str) -> object:
    origin = typing.get_origin(shape)
    if origin in (typing.Union, types.UnionType):
        return _optional(shape, raw, where)
    if origin is tuple:
        return _tuple(typing.get_args(shape)[0], raw, where)
    if origin is Mapping:
        return _mapping(typing.get_args(shape), raw, where)
    if is_dataclass(shape):
        return _dataclass(typing.cast("type[Any]", shape), raw, where)
    return _plain(shape, raw, where)


def _optional(shape: Any, raw: object, where: str) -> object:
    (inner,) = (choice for choice in typing.get_args(shape) if choice is not type(None))
    return None if raw is None else _value(inner, raw, where)


def _tuple(item: Any, raw: object, where: str) -> tuple[object, ...]:
    if not isinstance(raw, list):
        raise ResourceError(f"{where}: a list is needed")
    return tuple(_value(item, value, f"{where}[{number}]") for number, value in enumerate(raw))


def _mapping(arguments: tuple[Any, ...], raw: object, where: str) -> Mapping[object, object]:
    if not isinstance(raw, dict):
        raise ResourceError(f"{where}: an object is needed")
    key, value = arguments
    return types.MappingProxyType(
        {
            _value(key, name, where): _value(value, held, f"{where}.{name}")
            for name, held in raw.items()
            if name[0] != "_"
        }
    )


def _dataclass(shape: type[Any], raw: object, where: str) -> object:
    if not isinstance(raw, dict):
        raise ResourceError(f"{where}: an object is needed")
    hints = typing.get_type_hints(shape)
    known = {field.name: field for field in fields(shape) if field.init}
    if unknown := {name for name in raw if not name.startswith("_")} - set(known):
        raise ResourceError(f"{where}: unknown: {', '.join(sorted(unknown))}")
    needed = {name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING}
    if missing := needed - set(raw):
        raise ResourceError(f"{where}: missing: {', '.join(sorted(missing))}")
    return shape(**{name: _value(hints[name], raw[name], f"{where}.{name}") for name in known if name in raw})


def _plain(shape: Any, raw: object, where: str) -> object:
    if shape is date or (isinstance(shape, type) and issubclass(shape, Enum)):
        make: Any = date.fromisoformat if shape is date else shape
        try:
            return make(raw)
        except (TypeError, ValueError) as error:
            raise ResourceError(f"{where}: {raw!r} is not a {shape.__name__}") from error
    if shape is float and type(raw) is int:
        return float(raw)
    if type(raw) is not shape:
        raise ResourceError(f"{where}: {shape.__name__} is needed")
    return raw
