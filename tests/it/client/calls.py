"""Makes the calls of a JSON list with the package semantic-log-generator, and prints the graph as N-Triples.

A call is {"call": method, ...arguments}. "$n" stands for the result of call n, {"iri": text} for a URIRef, {"time": text}
for a datetime. The first call makes the logger. What is refused is printed as {"refused": text}."""

import json
import sys
from datetime import datetime

from rdflib import URIRef
from semantic_log_generator import (
    EmotionScore,
    ModelUsage,
    RobotStateSnapshot,
    SemanticSEGBLogger,
    SharedEventPolicy,
)

results = []


def value(json_value):
    if isinstance(json_value, str) and json_value.startswith("$"):
        return results[int(json_value[1:])]
    if isinstance(json_value, list):
        return [value(item) for item in json_value]
    if isinstance(json_value, dict):
        if "iri" in json_value:
            return URIRef(json_value["iri"])
        if "time" in json_value:
            return datetime.fromisoformat(json_value["time"].replace("Z", "+00:00"))
        fields = {name: value(item) for name, item in json_value.items()}
        kind = fields.pop("is", None)
        makers = {
            "score": EmotionScore,
            "usage": ModelUsage,
            "state": RobotStateSnapshot,
            "policy": SharedEventPolicy,
        }
        return makers[kind](**fields) if kind else fields
    return json_value


def main():
    calls = json.load(sys.stdin)
    logger = None
    for call in calls:
        arguments = {name: value(item) for name, item in call.items() if name != "call"}
        method = call["call"]
        if method == "new":
            logger = SemanticSEGBLogger(**arguments)
            results.append(logger.robot_uri)
            continue
        if "resolved" in arguments:
            name = arguments.pop("resolved")
            arguments["resolver"] = lambda request: name
        positional = [arguments.pop(name) for name in ("human_id", "model_id", "dataset_id", "evaluation_id", "text_", "snapshot", "a", "b") if name in arguments]
        results.append(getattr(logger, method)(*positional, **arguments))
    print(logger.graph.serialize(format="nt"))


try:
    main()
except Exception as error:
    print(json.dumps({"refused": f"{type(error).__name__}: {error}"}))
