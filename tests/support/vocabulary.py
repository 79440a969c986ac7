"""The meta-schema of our keywords, as a validator of schemas."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.support.schema_library import ROOT

VOCABULARY: dict[str, Any] = json.loads((ROOT / "vocabulary.json").read_bytes())
URI = VOCABULARY["$id"]
REGISTRY: Registry[Any] = Registry().with_resource(URI, Resource.from_contents(VOCABULARY))
META = Draft202012Validator({"$ref": URI}, registry=REGISTRY)
