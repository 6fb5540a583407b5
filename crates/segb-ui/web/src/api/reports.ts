/** The shapes of docs/reports.md. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Resource = Schemas["Resource"];
export type Problem = Schemas["Problem"];
export type Overview = Schemas["Overview"];
export type Participant = Schemas["Participant"];
export type MlUsage = Schemas["MlUsage"];
export type CategoryFigures = Schemas["CategoryFigures"];
export type EmotionRow = Schemas["EmotionRow"];
export type RobotState = Schemas["RobotState"];
export type Displacement = Schemas["Displacement"];
export type Session = Schemas["Session"];
export type Utterance = Schemas["Utterance"];
export type Explanation = Schemas["Explanation"];
export type Step = Schemas["Step"];
export type CauseLink = Schemas["CauseLink"];
export type Neighbours = Schemas["Neighbours"];
export type Hits = Schemas["Hits"];

export interface Page<T> {
  rows: T[];
  total: number;
  next_offset: number | null;
  without_time: number;
}

/** The members that both emotion reports have. */
export interface EmotionsPage extends Page<EmotionRow> {
  /** Over all rows, not only those of this page. */
  distribution: CategoryFigures[];
}
