"""JSON Schemas of our models; the docstring below a field in the source is its description.

pydantic could collect these docstrings itself (``use_attribute_docstrings``), but it would read the source of every model at each start of
the program, and only the schemas need them.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def describe_model(
    model: type[BaseModel], mode: Literal["validation", "serialization"] = "validation"
) -> dict[str, Any]:
    """The JSON Schema of a model as it is read, or as it is written."""
    return {"$schema": DIALECT, **model.model_json_schema(mode=mode, schema_generator=_WithDescriptions)}


class _WithDescriptions(GenerateJsonSchema):
    def model_schema(self, schema: Any) -> dict[str, Any]:
        made = super().model_schema(schema)
        fields = made.get("properties", {})
        for part in schema["cls"].__mro__:
            for name, text in _read_remarks(part).items():
                if name in fields:
                    fields[name].setdefault("description", text)
        return made


@cache
def _read_remarks(part: type) -> Mapping[str, str]:
    """The docstring below each field of a class of ours."""
    if part.__module__.partition(".")[0] != __package__.partition(".")[0]:
        return {}
    [body] = (node for node in ast.parse(dedent(inspect.getsource(part))).body if isinstance(node, ast.ClassDef))
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
