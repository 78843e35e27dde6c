"""The API's documents: pydantic models, from which the OpenAPI document follows."""
