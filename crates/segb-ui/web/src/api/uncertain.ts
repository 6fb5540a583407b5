import type { ApiProblem } from "./problem";

/** Whether nobody can tell from an answer if the request was done: only a refusal, or a full disk, is certain. */
export function isUncertain({ status }: ApiProblem): boolean {
  return status === 0 || (status >= 500 && status !== 507);
}
