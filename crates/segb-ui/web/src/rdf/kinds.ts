/** What a resource is, as docs/reports.md words it; colours and marks follow from it. */
export type Kind =
  | "robot" | "human" | "message" | "emotion" | "state" | "event" | "model" | "dataset" | "evaluation"
  | "observation" | "location" | "activity" | "agent" | "entity" | "literal" | "unknown";

const SEGB = "http://www.gsi.upm.es/ontologies/segb/ns#";
const ORO = "http://kb.openrobots.org#";
const PROV = "http://www.w3.org/ns/prov#";
const MLS = "http://www.w3.org/ns/mls#";
const ONYX = "http://www.gsi.upm.es/ontologies/onyx/ns#";

/** The most telling first: many things are also a prov:Entity or a prov:Activity. */
const BY_TYPE: readonly (readonly [string, Kind])[] = [
  [`${ORO}Robot`, "robot"],
  [`${ORO}Human`, "human"],
  ["http://xmlns.com/foaf/0.1/Person", "human"],
  [`${PROV}Person`, "human"],
  ["http://schema.org/Message", "message"],
  [`${ONYX}EmotionSet`, "emotion"],
  [`${ONYX}Emotion`, "emotion"],
  [`${MLS}Model`, "model"],
  [`${MLS}Dataset`, "dataset"],
  [`${MLS}ModelEvaluation`, "evaluation"],
  ["http://schema.org/Event", "event"],
  ["http://www.w3.org/ns/sosa/Observation", "observation"],
  [`${PROV}Location`, "location"],
  [`${SEGB}LoggedActivity`, "activity"],
  [`${PROV}Activity`, "activity"],
  [`${PROV}Agent`, "agent"],
  [`${PROV}Entity`, "entity"],
];

export function kindOf(types: readonly string[]): Kind {
  return BY_TYPE.find(([type]) => types.includes(type))?.[1] ?? "unknown";
}

/** The colour of the design system for a kind. */
export function kindColour(kind: string): string {
  const own = ["robot", "human", "message", "emotion", "state", "location", "event", "model", "activity"];
  if (own.includes(kind)) return `kind-${kind}`;
  if (kind === "dataset" || kind === "evaluation") return "kind-model";
  if (kind === "observation") return "kind-event";
  return "kind-other";
}

/** Types that many things have besides the one that says what they are. */
const GENERAL: readonly string[] = [
  `${SEGB}LoggedActivity`, `${SEGB}Result`, `${PROV}Activity`, `${PROV}Agent`, `${PROV}Entity`, "http://www.w3.org/ns/oa#Annotation",
  "http://www.w3.org/2002/07/owl#NamedIndividual", "http://www.w3.org/2002/07/owl#Thing", "http://www.w3.org/2000/01/rdf-schema#Resource",
];

/** The most specific of several types as a word, or else the kind: `Response`, `Message`, `State`. */
export function typeWord(types: readonly string[], kind: string): string {
  const words = types.filter((type) => !GENERAL.includes(type)).map(typeName);
  // Of several the first in the order of characters, so that the same is shown everywhere and always.
  const first = words.reduce((least, word) => (least === "" || word < least ? word : least), "");
  return first || kind.replace(/^./, (letter) => letter.toUpperCase());
}

/** A word for a type: `Response`, not `oro:ResponseAction`. */
export function typeName(iri: string): string {
  const name = iri.split(/[#/]/).pop() ?? iri;
  const known: Record<string, string> = {
    ListeningEvent: "Listening",
    DecisionMakingAction: "Decision",
    ResponseAction: "Response",
    ResponseEvent: "Response",
    EmotionRecognitionEvent: "Emotion recognition",
    EmotionAnalysis: "Emotion analysis",
    DetectedHumanEvent: "Person detected",
    Run: "Model run",
    Human: "Person",
    EmotionSet: "Emotions",
    ModelEvaluation: "Evaluation",
    Dataset: "Data set",
  };
  return known[name] ?? name.replace(/(Event|Action)$/, "").replace(/([a-z])([A-Z])/g, "$1 $2");
}
