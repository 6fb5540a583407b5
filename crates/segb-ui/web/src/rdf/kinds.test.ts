import { expect, it } from "vitest";
import { typeWord } from "./kinds";

const ORO = "http://kb.openrobots.org#";
const PROV = "http://www.w3.org/ns/prov#";
const SEGB = "http://www.gsi.upm.es/ontologies/segb/ns#";

it.each([
  [[`${SEGB}LoggedActivity`, `${PROV}Activity`, `${ORO}ResponseAction`], "activity", "Response"],
  [[`${PROV}Entity`, "http://schema.org/Message"], "message", "Message"],
  [[`${PROV}Activity`, `${SEGB}Result`, `${PROV}Entity`], "state", "State"],
  [[`${PROV}Entity`, "http://www.gsi.upm.es/ontologies/amor/ns#EmotionAnnotation", "http://www.w3.org/ns/oa#Annotation"], "emotion", "Emotion Annotation"],
  [[`${ORO}Human`, `${PROV}Person`, "http://xmlns.com/foaf/0.1/Person"], "human", "Person"],
  [[`${ORO}ResponseAction`, `${ORO}DecisionMakingAction`], "activity", "Decision"],
  [[], "activity", "Activity"],
  [[], "", ""],
] as const)("%j of kind %j is %j", (types, kind, expected) => expect(typeWord(types, kind)).toBe(expected));
