"""The OpenAPI document: what FastAPI says of the app, with an example for every body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_JSON = "application/json"


def document(app: FastAPI) -> dict[str, Any]:
    """The document of the app, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            license_info=app.license_info,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        _add_examples(made)
        app.openapi_schema = made
    return app.openapi_schema


def operations(made: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """All operations of a document, as path, method and content."""
    return [
        (path, method, operation)
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "responses" in operation
    ]


def needs_session(operation: Mapping[str, Any]) -> bool:
    """Whether an operation answers nobody who has not signed in."""
    security = operation.get("security", [])
    return bool(security) and {} not in security


def _add_examples(made: dict[str, Any]) -> None:
    schemas = made.get("components", {}).get("schemas", {})
    for _, _, operation in operations(made):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (body.get("content", {}).get(_JSON) for body in bodies):
            if content and "example" not in content and "examples" not in content:
                content["example"] = example(content.get("schema", {}), schemas)


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """An example of a schema, made of those of its fields."""
    if found := schema.get("examples"):
        return found[0]
    for fixed in ("const", "default"):
        if fixed in schema:
            return schema[fixed]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example(choices[0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, schemas)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return {name: example(field, schemas) for name, field in schema.get("properties", {}).items()}
    if kind == "array":
        rows = schema.get("prefixItems") or [schema.get("items", {})]
        return [example(row, schemas) for row in rows]
    return {"string": "", "integer": schema.get("minimum", 0), "number": 0.0, "boolean": True}.get(str(kind))
