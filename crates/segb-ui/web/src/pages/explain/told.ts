import type { CauseLink, Explanation, Step } from "../../api/reports";

type Relation = CauseLink["relation"];

/** What takes part in nearly everything and happens never: told of at the end, and drawn on demand, as events are. */
const TAKES_PART: readonly string[] = ["robot", "human", "agent", "model", "dataset", "evaluation", "setting", "category", "location", "literal"];
/** Who can act, and is not explained but known by what it did. */
export const isParticipant = (kind: string): boolean => ["robot", "human", "agent"].includes(kind);
export const takesPart = ({ resource, direction }: Step): boolean => TAKES_PART.includes(resource.kind) && (direction !== "self" || isParticipant(resource.kind));
export const standsAside = ({ resource, direction }: Step): boolean => (TAKES_PART.includes(resource.kind) || resource.kind === "event") && direction !== "self";

/** From the cause to the effect, for an arrow. */
export const RELATIONS: Record<Relation, string> = {
  triggered: "triggered", produced: "produced", model: "model of", input: "input of", derived: "source of", step: "step of", observed: "about",
  requested: "asked for", performed: "did", sent: "said", said: "spoke in", part: "has", target: "target of", attributed: "has", influenced: "influenced",
};

/** From the effect to its causes, in the words and in the order of the server's text. */
const BECAUSE: readonly (readonly [Relation, string])[] = [
  ["triggered", "It was triggered by"], ["requested", "It was asked for by"], ["produced", "It was produced by"], ["derived", "It was made from"],
  ["input", "It used"], ["model", "It used the model"], ["step", "On the way to it there was"], ["part", "It is a part of"],
  ["influenced", "It was influenced by"], ["observed", "It is about"],
];

export interface Told {
  step: Step;
  /** Its place in what happened, from 1; none of what took part. */
  number: number | null;
  /** Which day it was, where that is another one than before. */
  day: string | null;
  because: { words: string; links: CauseLink[] }[];
  then: CauseLink[];
}

/** An explanation as it is told: what happened, in order, and who and what took part. */
export function tell({ steps, links }: Pick<Explanation, "steps" | "links">): { happened: Told[]; took: Told[] } {
  let day: string | null = null;
  let number = 0;
  const told = steps.map((step): Told => {
    const part = takesPart(step);
    const today = part ? null : ((step.start ?? step.end)?.slice(0, 10) ?? null);
    const isNew = today !== null && today !== day;
    if (isNew) day = today;
    const because = BECAUSE.map(([relation, words]) => ({ words, links: links.filter((link) => link.effect === step.id && link.relation === relation) }));
    return {
      step,
      number: part ? null : (number += 1),
      day: isNew ? today : null,
      because: because.filter((one) => one.links.length > 0),
      then: links.filter((link) => link.cause === step.id),
    };
  });
  return { happened: told.filter((one) => one.number !== null), took: told.filter((one) => one.number === null) };
}
