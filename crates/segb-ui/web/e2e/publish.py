"""Publishes an interaction through the package that robots use, and the logs that are there to break a page.

SEGB_API_URL and SEGB_API_TOKEN say where to; the argument chooses what: `story`, `hostile` or `contexts`.
"""

import os
import sys
from datetime import datetime, timedelta, timezone

from rdflib import Literal, URIRef
from rdflib.namespace import PROV, RDF, RDFS
from semantic_log_generator import (
    ActivityKind,
    EmotionScore,
    HTTPSharedContextResolver,
    RobotStateSnapshot,
    SEGBPublisher,
    SemanticSEGBLogger,
)

URL = os.environ["SEGB_API_URL"]
TOKEN = os.environ.get("SEGB_API_TOKEN") or None
BASE = "https://robots.example/story/"
START = datetime(2026, 1, 31, 10, 0, 0, tzinfo=timezone.utc)


def at(seconds):
    return START + timedelta(seconds=seconds)


def publisher(user):
    return SEGBPublisher(base_url=URL, token=TOKEN, default_user=user)


def logger(robot, name):
    resolver = HTTPSharedContextResolver(base_url=URL, token=TOKEN)
    return SemanticSEGBLogger(
        base_namespace=BASE,
        robot_id=robot,
        robot_name=name,
        namespace_prefix="story",
        shared_event_resolver=resolver,
    )


def publish(log, user):
    log.publish(publisher(user))


def models(log):
    """Two models, one with a training run, a dataset and an evaluation, one about which nothing more is known."""
    emotions = log.register_ml_model("emotions", label="Emotion recogniser", version="2.3", provider="UPM")
    speech = log.register_ml_model("speech", label="Speech recogniser", version="1.0")
    faces = log.register_dataset("faces", label="Faces in the wild")
    score = log.register_model_evaluation("f1", value=0.91, label="F1")
    run = log.log_activity(activity_id="training", activity_kind=ActivityKind.ML_RUN, label="Training",
                           started_at=at(-86400), ended_at=at(-80000))
    log.link_ml_run_input(run, faces)
    log.link_ml_run_output(run, emotions)
    log.link_ml_run_output(run, score)
    return emotions, speech


def hear(log, name, text, start, ana, event, cause=None, model=None, sender=None):
    """A robot hears a person: an activity and the message that came of it."""
    activity = log.log_activity(
        activity_id=f"hear-{name}", activity_kind=ActivityKind.LISTENING, label=f"hear {name}",
        started_at=at(start), ended_at=at(start + 1.6), related_shared_events=[event],
        triggered_by_activity=cause, used_models=[model] if model else None)
    message = log.log_message(text, message_id=f"heard-{name}", language="en", generated_by_activity=activity,
                              sender=sender or ana)
    log.link_entity_result(activity, message)
    return activity, message


def feel(log, name, emotions, start, ana, event, cause, message, model):
    activity = log.log_activity(
        activity_id=f"feel-{name}", activity_kind=ActivityKind.EMOTION_ANALYSIS, label=f"emotions of {name}",
        started_at=at(start), ended_at=at(start + 0.4), related_shared_events=[event],
        triggered_by_activity=cause, triggered_by_entity=message, used_entities=[message] if message else None, used_models=[model])
    log.log_emotion_annotation(source_activity=activity, targets=[ana], annotation_id=f"annotation-{name}",
                               emotions=[EmotionScore(*emotion) for emotion in emotions])
    return activity


def decide(log, name, start, event, cause):
    return log.log_activity(activity_id=f"decide-{name}", activity_kind=ActivityKind.DECISION, label=f"decide: {name}",
                            started_at=at(start), ended_at=at(start + 0.3), related_shared_events=[event],
                            triggered_by_activity=cause)


def say(log, name, text, start, event, cause):
    activity = log.log_activity(activity_id=f"say-{name}", activity_kind=ActivityKind.RESPONSE, label=f"say {name}",
                                started_at=at(start), ended_at=at(start + 2.4), related_shared_events=[event],
                                triggered_by_activity=cause)
    message = log.log_message(text, message_id=f"said-{name}", language="en", generated_by_activity=activity,
                              sender=log.robot_uri)
    log.link_entity_result(activity, message)
    return activity, message


def state(log, name, start, place, battery, source=None):
    log.graph.add((log.resolve_term(place), RDF.type, PROV.Location))
    log.log_robot_state(RobotStateSnapshot(timestamp=at(start), battery_level=battery, location=place,
                                           mission_phase=name), state_id=f"{log.robot_uri.split('/')[-1]}-{name}",
                        source_activity=source)


def event_of(log, kind, start, subject, text):
    return log.get_shared_event_uri(event_kind=kind, observed_at=at(start), subject=subject, text=text,
                                    modality="speech")


def story():
    """A person asks for uplifting news; a headline about exams frightens her; the robot notices and makes it good."""
    ari = logger("ari", "ARI")
    ana = ari.register_human("ana", first_name="Ana")
    emotions, speech = models(ari)
    state(ari, "waiting", -60, "living-room", 0.93)
    publish(ari, "ari")

    ari = logger("ari", "ARI")
    asked = event_of(ari, "human_utterance", 0, ana, "Can you tell me some uplifting news?")
    first, heard = hear(ari, "request", "Can you tell me some uplifting news?", 0, ana, asked, model=speech)
    feel(ari, "request", [("happiness", 0.35, 0.8)], 1.7, ana, asked, first, heard, emotions)
    choice = decide(ari, "a headline", 2.3, asked, first)
    told, headline = say(ari, "exam headline", "The final exams have been moved to next week, so that everybody has "
                         "to hurry.", 2.8, asked, choice)
    publish(ari, "ari")

    ari = logger("ari", "ARI")
    shock = event_of(ari, "human_utterance", 9, ana, "Oh no, my exam! I am not ready at all.")
    second, fright = hear(ari, "anxiety", "Oh no, my exam! I am not ready at all.", 9, ana, shock, told, speech)
    fear = feel(ari, "anxiety", [("fear", 0.86, 0.92), ("sadness", 0.41, 0.6)], 10.8, ana, shock, second, fright, emotions)
    sorry = decide(ari, "apologise and change the topic", 11.4, shock, fear)
    apology, _ = say(ari, "apology", "I am sorry, Ana. That was not uplifting. Shall I look for something kinder?", 12, shock, sorry)
    state(ari, "apologising", 12, "living-room", 0.91, apology)
    publish(ari, "ari")

    tiago = logger("tiago", "TIAGo")
    seen = event_of(tiago, "human_utterance", 9.4, ana, "Oh no, my exam! I am not ready")
    watch = tiago.log_activity(activity_id="tiago-sees", activity_kind=ActivityKind.HUMAN_DETECTION, label="sees Ana",
                               started_at=at(9.2), ended_at=at(11), related_shared_events=[seen])
    feel(tiago, "seen", [("fear", 0.7, 0.75)], 11.1, ana, seen, watch, None, emotions)
    state(tiago, "watching", 9, "kitchen", 0.55, watch)
    publish(tiago, "tiago")

    ari = logger("ari", "ARI")
    yes = event_of(ari, "human_utterance", 18, ana, "Yes, please.")
    third, please = hear(ari, "please", "Yes, please.", 18, ana, yes, apology, speech)
    kinder = decide(ari, "news about animals", 19.8, yes, third)
    rescue, _ = say(ari, "animal news", "Volunteers have rescued two hundred sea turtles from the cold, and all of them "
                    "are swimming again.", 20.3, yes, kinder)
    state(ari, "telling", 20, "sofa", 0.9, rescue)
    thanks = event_of(ari, "human_utterance", 27, ana, "That is wonderful, thank you!")
    fourth, glad = hear(ari, "thanks", "That is wonderful, thank you!", 27, ana, thanks, rescue, speech)
    feel(ari, "thanks", [("happiness", 0.94, 0.95)], 28.8, ana, thanks, fourth, glad, emotions)
    publish(ari, "ari")

    tiago = logger("tiago", "TIAGo")
    state(tiago, "moving", 24, "hall", 0.54)
    state(tiago, "arrived", 33, "living-room", 0.53)
    publish(tiago, "tiago")


HOSTILE = [
    "<script>window.__hacked = 1</script>",
    "<img src=x onerror=\"window.__hacked = 1\">",
    "\"><svg onload=window.__hacked=1>",
    "{{ constructor.constructor('window.__hacked = 1')() }}",
    "</title></textarea><script>window.__hacked=1</script>",
    "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 gnp.exe",
    "combining " + "a\u0300\u0301\u0302\u0303" * 60,
    "x" * 20000,
    "line\nbreaks\tand\u0000nothing".replace("\u0000", "\u2400"),
    "=HYPERLINK(\"http://evil.example\")",
]


def hostile():
    """Texts and IRIs made to break a page: every one has to be shown as text, and none may be followed."""
    log = logger("mallory", HOSTILE[0])
    eve = log.register_human("eve", first_name=HOSTILE[1])
    for number, text in enumerate(HOSTILE):
        event = event_of(log, f"utterance_{number}", 100 + 5 * number, eve, text[:500])
        activity, message = hear(log, f"hostile-{number}", text, 100 + 5 * number, eve, event)
        log.graph.add((activity, RDFS.label, Literal(text)))
        for iri in ("javascript:window.__hacked=1", "data:text/html,<script>parent.__hacked=1</script>".replace("<", "%3C").replace(">", "%3E")):
            log.graph.add((message, RDFS.seeAlso, URIRef(iri)))
    log.graph.add((URIRef("javascript:alert(document.domain)"), RDF.type, PROV.Agent))
    publish(log, "<b>mallory</b>")


def contexts():
    """Two observations that may be one event: what a person has to decide."""
    ari, tiago = logger("ari", "ARI"), logger("tiago", "TIAGo")
    ana = ari.register_human("ana", first_name="Ana")
    for number, (first, second) in enumerate([
        ("the red cup fell off the kitchen table", "a red cup fell from the table"),
        ("somebody opened the front door", "the front door was opened quickly"),
        ("the phone rings in the hall", "a phone rings somewhere in the hall"),
    ]):
        moment = 300 + 60 * number
        ari.get_shared_event_uri(event_kind="event_in_room", observed_at=at(moment), subject=ana, text=first, modality="audio")
        tiago.get_shared_event_uri(event_kind="event_in_room", observed_at=at(moment + 0.3), subject=ana, text=second, modality="audio")


if __name__ == "__main__":
    for part in sys.argv[1:]:
        {"story": story, "hostile": hostile, "contexts": contexts}[part]()
