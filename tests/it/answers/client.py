"""What a robot and an auditor do with the package `semantic-log-generator` and rdflib; called by python_client.rs."""

import csv
import io
import json
import os
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import rdflib
import requests
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.namespace import PROV, RDF, XSD
from rdflib.query import Result
from semantic_log_generator import (
    ActivityKind,
    EmotionCategory,
    EmotionScore,
    HTTPSharedContextResolver,
    ModelUsage,
    RobotStateSnapshot,
    SEGBPublisher,
    SemanticSEGBLogger,
)

URL = os.environ["SEGB_API_URL"]
SCRATCH = Path(os.environ["SCRATCH"])
ROBOT = os.environ.get("ROBOT_TOKEN")
AUDITOR = os.environ.get("AUDITOR_TOKEN")
ADMIN = os.environ.get("ADMIN_TOKEN")
# rdflib would take "01" for "1"; what it does to numbers without quotes cannot be turned off.
rdflib.NORMALIZE_LITERALS = False
NS = Namespace("http://example.org/")
EX = Namespace("https://robots.example/python/")


def get(path, accept=None, **parameters):
    headers = {"Authorization": f"Bearer {AUDITOR}"} if AUDITOR else {}
    if accept:
        headers["Accept"] = accept
    return requests.get(URL + path, params=parameters, headers=headers, timeout=30)


def answer(query, accept=None):
    reply = get("/query", accept, query=query)
    assert reply.status_code == 200, reply.text
    return reply


def bindings(query, media_type, name):
    """The rows as rdflib reads them."""
    result = Result.parse(io.BytesIO(answer(query, media_type).content), format=name)
    return [{str(variable): value for variable, value in row.items()} for row in result.bindings]


def publisher(token=ROBOT, **settings):
    return SEGBPublisher(base_url=URL + "/", token=token, default_user="ari", **settings)


def same(one, other):
    return set(to_canonical_graph(one)) == set(to_canonical_graph(other))


def conversation(number):
    """One robot's log, with all that the package can write."""
    start = datetime(2026, 3, 1, 10, 0, number, 123456, tzinfo=timezone(timedelta(hours=1)))
    # The server may not have this route, or may not know the event: the package then makes the URI itself.
    resolver = HTTPSharedContextResolver(base_url=URL, token=ROBOT, timeout_seconds=5)
    log = SemanticSEGBLogger(
        base_namespace=f"https://robots.example/ari{number % 2}",
        robot_id=f"ARI {number % 2}",
        robot_name='ARI "the robot"',
        shared_event_resolver=resolver if number == 0 else None,
        compact_resource_ids=number == 2,
    )
    maria = log.register_human("maría", first_name="María", homepage="https://people.example/maria?x=1&y=2")
    speech = log.register_ml_model(
        "speech-1", label="Speech", version="1.0", provider="A & B <Robotics>", endpoint="https://models.example/asr",
        comment="line one\nline two", characteristics={"layers": 12, "rate": 0.5, "streaming": True, "name": "x"},
    )
    dataset = log.register_dataset("corpus", label="Corpus", comment="made up")
    evaluation = log.register_model_evaluation("accuracy", value=0.93, label="accuracy")
    event = log.get_shared_event_uri(
        event_kind="human_utterance", observed_at=start, subject=maria, text="¿Qué tal?  I feel uneasy", modality="speech",
    )
    listening = log.log_activity(
        activity_id=f"listen {number}", activity_kind=ActivityKind.LISTENING, label="listening", started_at=start,
        ended_at=start + timedelta(milliseconds=400), related_shared_events=[event],
        model_usages=[ModelUsage(model=speech, parameters={"beam": 5, "temperature": 0.2, "lang": "es"},
                                 software_label="asr", software_version="2.1")],
    )
    message = log.log_message(
        "¿Qué tal? \"I feel\" uneasy 😟\n\ttoday\\", message_id=f"heard {number}", language="es-ES",
        generated_by_activity=listening, sender=maria,
    )
    log.link_observation_to_shared_event(message, event, confidence=0.9)
    log.log_observation(
        observation_id=f"seen {number}", label="a face", generated_by_activity=listening, confidence=0.75,
        mark_as_result=True, related_shared_event=event,
    )
    analysis = log.log_activity(
        activity_id=f"analyse {number}", activity_kind="emotion_analysis", started_at=start + timedelta(seconds=1),
        ended_at=start + timedelta(seconds=2), triggered_by_activity=listening, triggered_by_entity=message,
        used_entities=[message], used_models=[speech],
    )
    log.log_emotion_annotation(
        source_activity=analysis, targets=[maria], annotation_id=f"emotions {number}",
        emotions=[EmotionScore(EmotionCategory.FEAR, 0.7, 0.87), EmotionScore("emoml:big6_sadness", 0.2)],
    )
    run = log.log_activity(activity_id=f"run {number}", activity_kind=ActivityKind.ML_RUN)
    log.link_ml_run_input(run, dataset)
    log.link_ml_run_output(run, evaluation)
    # rdflib writes texts of several lines with their quotes as they are.
    log.log_message('Dijo:\n"él", "\\\\n", "\r"\n"😟"', message_id=f"quoted {number}", sender=maria)
    answering = log.log_activity(
        activity_id=f"answer {number}", activity_kind=ActivityKind.RESPONSE, triggered_by_activity=analysis,
        extra_types=["prov:Activity", "https://robots.example/ns#Answer"], intermediate_activities=[run],
    )
    log.log_message("I am sorry.", previous_message=message, generated_by_activity=answering)
    log.log_robot_state(
        RobotStateSnapshot(timestamp=start, battery_level=0.83, autonomy_mode="auto", mission_phase="talk", cpu_load=12.5,
                           memory_load=0.4, network_status="up", location=EX.kitchen, note="all fine",
                           custom={"arm angle": -12, "gripper": False, "plan": "a;b,c"}),
        state_id=f"state {number}", source_activity=answering,
    )
    return log


def own_turtle():
    """What the package does not write, but a robot may: blank nodes, a list, all kinds of literals."""
    return """@prefix ex: <https://robots.example/python/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:plan ex:steps ( ex:look [ ex:say "hola"@es ; ex:then ( "a" "b" ) ] ex:go ) ; ex:empty () .
ex:values ex:v 1, "01"^^xsd:integer, "1.50"^^xsd:decimal, "1e3"^^xsd:double, true, "x"^^ex:own, "2026-03-01"^^xsd:date, "tab\\tline\\nreturn\\rquote\\"", "\\u0001" .
_:a ex:next _:b . _:b ex:next _:a ; ex:label "é\\u0301 \U0001f916" .
"""


def publish():
    sent = []
    for number in range(4):
        log = conversation(number)
        turtle = log.graph.serialize(format="turtle")
        receipt = log.publish(publisher()) if number % 2 == 0 else publisher().publish_graph(log.graph)
        sent.append((receipt, turtle))
    sent.append((publisher().publish_turtle(own_turtle(), user="another"), own_turtle()))
    # The same once more: accepted, and nothing doubles but blank nodes.
    sent.append((publisher().publish_turtle(sent[0][1]), sent[0][1]))

    expected = Graph()
    for number, (receipt, turtle) in enumerate(sent):
        assert receipt["message"] == "TTL inserted", receipt
        graph = Graph().parse(data=turtle, format="turtle")
        assert receipt["triple_count"] == len(graph), (receipt, len(graph))
        payload = get(f"/logs/{receipt['log_id']}/payload")
        assert payload.content == turtle.encode("utf-8"), receipt
        entry = get(f"/logs/{receipt['log_id']}").json()
        claimed = "another" if number == 4 else "ari"
        actor = os.environ["EXPECTED_ACTOR"] if ROBOT else claimed
        assert entry["actor"] == actor, entry
        stored = Graph().parse(
            data=answer(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <urn:segb:log:{receipt['log_id']}> {{ ?s ?p ?o }} }}").text,
            format="turtle",
        )
        assert same(stored, graph), f"log {number} differs"
        # rdflib gives new labels to blank nodes with each parse.
        for triple in graph:
            expected.add(triple)
    events = get("/events")
    assert events.status_code == 200 and events.headers["Content-Type"] == "text/turtle; charset=utf-8", events.headers
    exported = Graph().parse(data=events.content, format="turtle")
    assert same(exported, expected), "the export is not the union of what was sent"
    prefixes = dict(exported.namespaces())
    assert str(prefixes["segb"]) == "http://www.gsi.upm.es/ontologies/segb/ns#", prefixes
    for media_type, name in [("application/n-triples", "nt"), ("application/ld+json", "json-ld")]:
        graph = Graph().parse(data=get("/events", media_type).content, format=name)
        assert same(graph, expected), media_type
    read_rows(expected)


def read_rows(expected):
    """SELECT in every format, as rdflib reads it, against rdflib's own evaluation of the same query."""
    query = """PREFIX schema: <http://schema.org/> PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>
        SELECT ?message ?text ?sender WHERE { ?message a schema:Message ; schema:text ?text
        OPTIONAL { ?message schema:sender ?sender } }"""
    rows = {(row.message, row.text, row.sender) for row in expected.query(query)}
    assert len(rows) > 4, rows
    turtle = Graph().parse(data=answer(query).content, format="turtle")
    results = list(turtle.subjects(RDF.type, NS.Result))
    assert len(results) == len(rows) and all(isinstance(result, BNode) for result in results)
    assert rows == {
        (turtle.value(result, NS.message), turtle.value(result, NS.text), turtle.value(result, NS.sender))
        for result in results
    }
    for media_type, name in [
        ("application/sparql-results+json", "json"), ("application/sparql-results+xml", "xml"),
        ("text/tab-separated-values", "tsv"),
    ]:
        got = {(row.get("message"), row.get("text"), row.get("sender")) for row in bindings(query, media_type, name)}
        assert got == rows, (media_type, got - rows, rows - got)
    records = list(csv.reader(io.StringIO(answer(query, "text/csv").content.decode("utf-8"), newline="")))
    assert records[0] == ["message", "text", "sender"], records[0]
    assert {tuple(record) for record in records[1:]} == {tuple(str(value or "") for value in row) for row in rows}

    raw = answer(query, "application/sparql-results+json").json()["results"]["bindings"]
    assert any(binding["text"].get("xml:lang") == "es-ES" for binding in raw), "the tag as it was written"

    ask = answer("ASK { ?s a <http://kb.openrobots.org#Robot> }")
    assert (None, NS.boolean, Literal(True)) in Graph().parse(data=ask.content, format="turtle")
    assert answer("SELECT * { ?s <urn:nothing> ?o }").content == b""
    robots = Graph().parse(
        data=answer("DESCRIBE <https://robots.example/ari0/robot/ari_0>").content, format="turtle"
    )
    assert (None, RDF.type, PROV.Agent) in robots


def formats():
    """Terms that rdflib would change if it looked at their value, character by character, in all its readers."""
    texts = [
        "", " ", "\n", "\r", "\r\n", "\t", "a\rb", '"', "'", "\\", "\\n", '"""', "a,b", "é", "e\u0301", "\U0001f916",
        "\ufffd", "\u200b\u200d", "<a> & ]]>", "@prefix ex: <urn:x> .", "# comment", "ex:name", "x" * 70000,
    ]
    typed = [("01", XSD.integer), ("1.50", XSD.decimal), ("+1", XSD.integer), ("1.0", XSD.double), ("NaN", XSD.double),
             ("1", XSD.boolean), ("2026-03-01T10:00:00.000Z", XSD.dateTime), ("x", EX.own)]
    terms = [Literal(text) for text in texts]
    terms += [Literal(lexical, datatype=datatype, normalize=False) for lexical, datatype in typed]
    terms += [Literal("colour", lang="en-GB"), URIRef("http://e.org/a,b(c)'d"), URIRef("http://e.org/é/日本?q=a&b#f.")]
    document = "".join(
        f"<urn:s> <urn:p:{number}> {term.n3()} .\n" for number, term in enumerate(terms)
    )
    assert Graph().parse(data=document, format="turtle")
    publisher().publish_turtle(document)
    values = " ".join(f"({number} <urn:p:{number}>)" for number in range(len(terms)))
    query = f"SELECT ?value {{ VALUES (?n ?p) {{ {values} }} <urn:s> ?p ?value }} ORDER BY ?n"

    def check(got, what):
        assert len(got) == len(terms), (what, len(got))
        for value, term in zip(got, terms):
            assert type(value) is type(term) and str(value) == str(term), (what, value, term)
            if isinstance(term, Literal):
                assert (value.datatype, value.language) == (term.datatype, term.language), (what, value, term)

    for media_type, name in [("application/sparql-results+json", "json"), ("application/sparql-results+xml", "xml")]:
        check([row["value"] for row in bindings(query, media_type, name)], media_type)
    turtle = Graph().parse(data=answer(query).content, format="turtle")
    found = set(turtle.objects(None, NS.value))
    assert found == set(terms), (found - set(terms), set(terms) - found)
    construct = "CONSTRUCT { <urn:s> ?p ?o } WHERE { <urn:s> ?p ?o }"
    for media_type, name in [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")]:
        graph = Graph().parse(data=answer(construct, media_type).content, format=name)
        check([graph.value(URIRef("urn:s"), URIRef(f"urn:p:{number}")) for number in range(len(terms))], media_type)
    records = list(csv.reader(io.StringIO(answer(query, "text/csv").content.decode("utf-8"), newline="")))
    assert [record[0] if record else "" for record in records[1:]] == [str(term) for term in terms]
    raw = json.loads(answer(query, "application/sparql-results+json").content)
    assert [binding["value"]["value"] for binding in raw["results"]["bindings"]] == [str(term) for term in terms]


def refused(action):
    try:
        action()
    except RuntimeError as error:
        return str(error)
    raise AssertionError("it was accepted")


def errors():
    log = conversation(1)
    for token, expected in [
        (None, 'HTTP 401: {"detail":"Authorization header is required"}'),
        ("no-token", 'HTTP 401: {"detail":"Could not validate credentials. Invalid Token"}'),
        (os.environ["FOREIGN_TOKEN"], 'HTTP 401: {"detail":"Could not validate credentials. Invalid Token"}'),
        (os.environ["EXPIRED_TOKEN"], 'HTTP 401: {"detail":"Could not validate credentials. Expired Token"}'),
        (AUDITOR, 'HTTP 403: {"detail":"User does not have permission to perform this action"}'),
    ]:
        message = refused(lambda: publisher(token).publish_graph(log.graph))
        assert message == f"SEGB API responded with {expected}", message
    message = refused(lambda: publisher().publish_turtle("<urn:a> <urn:b> oops ."))
    assert message.startswith('SEGB API responded with HTTP 422: {"detail":"Invalid Turtle at line 1, column '), message
    message = refused(lambda: publisher(ROBOT).delete_all_ttls())
    assert "HTTP 403" in message, message


def delete():
    assert publisher(ADMIN).delete_all_ttls() == {"message": "Graph cleared."}
    assert get("/events").content == b""
    assert publisher(ADMIN).delete_all_ttls(user="ari") == {"message": "No TTLs to delete"}
    assert publisher().publish_graph(conversation(3).graph)["message"] == "TTL inserted"


def shared():
    """Two robots and one event: the package asks the server, and both logs name the same thing."""
    start = datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    def logger(name, **settings):
        resolver = HTTPSharedContextResolver(base_url=URL + "/", token=ROBOT, raise_on_error=True, **settings)
        return SemanticSEGBLogger(
            base_namespace=f"https://robots.example/{name}", robot_id=name, shared_event_resolver=resolver
        )

    def hear(log, after, text, **more):
        event = log.get_shared_event_uri(
            event_kind="human_utterance", observed_at=start + timedelta(milliseconds=after),
            subject=EX.maria, text=text, modality="speech", **more,
        )
        message = log.log_message(text, sender=EX.maria)
        log.link_observation_to_shared_event(message, event, confidence=0.9)
        return event

    ari, tiago = logger("ari"), logger("tiago")
    one = hear(ari, 0, "¿Me enseñas las noticias?")
    same_one = hear(tiago, 250, "me enseñas las noticias")
    other = hear(tiago, 60_000, "¿Me enseñas las noticias?")
    assert one == same_one != other, (one, same_one, other)
    assert str(one).startswith("https://gsi.upm.es/segb/shared-events/human_utterance_"), one
    for log in (ari, tiago):
        assert log.publish(publisher())["message"] == "TTL inserted"
    query = f"SELECT ?m {{ ?m <http://www.w3.org/ns/prov#specializationOf> <{one}> }}"
    assert len(bindings(query, "application/sparql-results+json", "json")) == 2

    # A naive time is UTC, and a date-time of another zone is the same moment.
    request = {"event_kind": "door", "subject_uri": EX.door, "modality": "vision", "observed_at": start.astimezone(timezone.utc).replace(tzinfo=None).isoformat()}
    headers = {"Authorization": f"Bearer {ROBOT}"} if ROBOT else {}
    naive = requests.post(URL + "/shared-context/resolve", json=request, headers=headers, timeout=10).json()
    seen = logger("pepper").get_shared_event_uri(
        event_kind="Door ", observed_at=start, subject=EX.door, modality="Vision"
    )
    assert seen == URIRef(naive["shared_context_uri"]), (seen, naive)

    # Where the server says no, the package names the event itself, or says so.
    resolver = HTTPSharedContextResolver(base_url=URL, token="no-token" if ROBOT else ROBOT, raise_on_error=False)
    alone = SemanticSEGBLogger(base_namespace="https://robots.example/alone", robot_id="alone", shared_event_resolver=resolver)
    local = hear(alone, 0, "¿Me enseñas las noticias?") if ROBOT else None
    assert local is None or local != one, local


def queue():
    file = SCRATCH / "robot" / "queue.jsonl"
    client = publisher(queue_file=str(file))
    for number in range(3):
        try:
            client.publish_turtle(f'<urn:queued:{number}> <urn:says> "¿hola? {number}" .')
        except requests.RequestException:
            continue
        raise AssertionError("the server is up")
    assert len(file.read_text().splitlines()) == 3
    assert client.flush_queue() == [] and len(file.read_text().splitlines()) == 3


def flush():
    file = SCRATCH / "robot" / "queue.jsonl"
    client = publisher(queue_file=str(file))
    receipts = client.flush_queue()
    assert [receipt["message"] for receipt in receipts] == ["TTL inserted"] * 3, receipts
    assert not file.exists() and client.flush_queue() == []
    exported = Graph().parse(data=get("/events").content, format="turtle")
    assert set(exported) == {
        (URIRef(f"urn:queued:{number}"), URIRef("urn:says"), Literal(f"¿hola? {number}")) for number in range(3)
    }


if __name__ == "__main__":
    {"publish": publish, "formats": formats, "errors": errors, "delete": delete, "shared": shared, "queue": queue, "flush": flush}[sys.argv[1]]()
