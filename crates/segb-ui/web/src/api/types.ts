import type { components } from "./schema";

type Schemas = components["schemas"];

export type JournalEntry = Schemas["JournalEntry"];
export type Entries = Schemas["Entries"];
export type Proof = Schemas["Proof"];
export type ReviewQueue = Schemas["ReviewQueue"];
export type ReviewCase = Schemas["ReviewCase"];
export type CaseCandidate = Schemas["CaseCandidate"];
export type ContextRecord = Schemas["ContextRecord"];
export type ContextStats = Schemas["Stats"];
export type Decision = Schemas["Decision"];
export type ServerLog = Schemas["ServerLog"];
export type ServerLogEntry = Schemas["LogEntry"];
export type Inserted = Schemas["Inserted"];
export type Validation = Schemas["Validation"];
export type ValidationIssue = Schemas["ValidationIssue"];
