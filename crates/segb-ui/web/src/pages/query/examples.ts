/** Questions that auditors ask, from simple to rich; each teaches one thing. */
export interface Example {
  title: string;
  teaches: string;
  query: string;
}

const SEGB = "PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>";
const PROV = "PREFIX prov: <http://www.w3.org/ns/prov#>";
const SCHEMA = "PREFIX schema: <http://schema.org/>";
const ONYX = "PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#>";
const ORO = "PREFIX oro: <http://kb.openrobots.org#>";
const OA = "PREFIX oa: <http://www.w3.org/ns/oa#>";

export const EXAMPLES: readonly Example[] = [
  {
    title: "What did the robots do, in order?",
    teaches: "a pattern of triples, ORDER BY",
    query: `${PROV}\n${SEGB}\n\nSELECT ?start ?activity ?robot WHERE {\n  ?activity segb:wasPerformedBy ?robot ;\n            prov:startedAtTime ?start .\n}\nORDER BY ?start\nLIMIT 100`,
  },
  {
    title: "What was said, and by whom?",
    teaches: "OPTIONAL: what may be missing",
    query: `${SCHEMA}\n${PROV}\n\nSELECT ?time ?sender ?text WHERE {\n  ?message a schema:Message ; schema:text ?text .\n  OPTIONAL { ?message schema:sender ?sender }\n  OPTIONAL { ?message prov:wasGeneratedBy/prov:startedAtTime ?time }\n}\nORDER BY ?time\nLIMIT 200`,
  },
  {
    title: "Which log says that?",
    teaches: "GRAPH: each log is a named graph",
    query: `${SCHEMA}\n\nSELECT ?log ?message ?text WHERE {\n  GRAPH ?log { ?message schema:text ?text }\n}\nLIMIT 100`,
  },
  {
    title: "Who felt what, how strongly?",
    teaches: "a path through blank nodes, FILTER",
    query: `${ONYX}\n${OA}\n\nSELECT ?person ?category ?intensity WHERE {\n  ?set oa:hasTarget ?person ; onyx:hasEmotion ?emotion .\n  ?emotion onyx:hasEmotionCategory ?category ;\n           onyx:hasEmotionIntensity ?intensity .\n  FILTER (?intensity >= 0.5)\n}\nORDER BY DESC(?intensity)`,
  },
  {
    title: "How often is each kind of activity?",
    teaches: "GROUP BY and COUNT",
    query: `${SEGB}\n\nSELECT ?kind (COUNT(?activity) AS ?times) WHERE {\n  ?activity a segb:LoggedActivity, ?kind .\n  FILTER (?kind != segb:LoggedActivity)\n}\nGROUP BY ?kind\nORDER BY DESC(?times)`,
  },
  {
    title: "What led to the answers of a robot?",
    teaches: "a path of any length: +",
    query: `${SEGB}\n${ORO}\n\nSELECT ?answer ?cause WHERE {\n  ?answer a oro:ResponseAction ;\n          segb:triggeredByActivity+ ?cause .\n}\nLIMIT 200`,
  },
  {
    title: "The causes as a graph",
    teaches: "CONSTRUCT: an answer that can be drawn",
    query: `${SEGB}\n\nCONSTRUCT { ?effect segb:triggeredByActivity ?cause }\nWHERE { ?effect segb:triggeredByActivity ?cause }\nLIMIT 300`,
  },
  {
    title: "Did anybody use a model that nobody evaluated?",
    teaches: "ASK and NOT EXISTS",
    query: `${SEGB}\nPREFIX mls: <http://www.w3.org/ns/mls#>\n\nASK {\n  ?activity segb:usedMLModel ?model .\n  FILTER NOT EXISTS {\n    ?run mls:hasOutput ?model, ?evaluation .\n    ?evaluation a mls:ModelEvaluation\n  }\n}`,
  },
];
