import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { follow } from "../../api/events";
import { ApiProblem } from "../../api/problem";
import type { JournalEntry } from "../../api/types";
import { tailOf } from "./useTail";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Stream { after: unknown; say(sequence: number): void; end(): void; fail(status: number): void }

/** A server whose streams are held open until a test ends them. */
function server() {
  const streams: Stream[] = [];
  const connect: typeof follow = (_, query, signal, onEvent, onOpen) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      const say = (sequence: number) => onEvent({ id: "", name: "entry", data: JSON.stringify({ sequence }) });
      streams.push({ after: query["after"], say, end: resolve, fail: (status) => reject(new ApiProblem(status, "no")) });
      onOpen();
    });
  return { streams, connect };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

it("goes on where it broke, later and later, and says when", async () => {
  const { streams, connect } = server();
  const seen: number[] = [];
  const tail = tailOf(async () => 4, (entry: JournalEntry) => seen.push(entry.sequence), connect);
  tail.start();
  await settle();
  expect([tail.state.value, streams[0]?.after]).toEqual(["live", 4]);
  streams[0]?.say(5);
  streams[0]?.fail(500);
  await settle();
  expect([tail.state.value, tail.problem.value?.status, (tail.retryAt.value ?? 0) - Date.now()]).toEqual(["waiting", 500, 2000]);
  await vi.advanceTimersByTimeAsync(2000);
  expect([tail.state.value, tail.problem.value, streams[1]?.after, seen]).toEqual(["live", null, 5, [5]]);
  streams[1]?.end();
  await settle();
  expect(tail.state.value).toBe("waiting");
  tail.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([tail.state.value, streams.length]).toEqual(["off", 2]);
});

it("tries again when what there is cannot be read", async () => {
  const { streams, connect } = server();
  const answers = [new TypeError("unreachable"), new ApiProblem(503, "busy", [], null, 7), 9];
  const tail = tailOf(async () => {
    const answer = answers.shift();
    if (typeof answer === "number") return answer;
    throw answer;
  }, () => undefined, connect);
  tail.start();
  await settle();
  expect([tail.state.value, tail.problem.value?.status]).toEqual(["waiting", 0]);
  await vi.advanceTimersByTimeAsync(2000);
  expect((tail.retryAt.value ?? 0) - Date.now()).toBe(7000);
  await vi.advanceTimersByTimeAsync(7000);
  expect([tail.state.value, streams[0]?.after]).toEqual(["live", 9]);
});

it("does not ask again what is refused, until somebody does", async () => {
  const { streams, connect } = server();
  const tail = tailOf(async () => 1, () => undefined, connect);
  tail.start();
  await settle();
  streams[0]?.fail(403);
  await settle();
  expect([tail.state.value, tail.retryAt.value, tail.problem.value?.status]).toEqual(["off", null, 403]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(streams.length).toBe(1);
  tail.start();
  await settle();
  expect([tail.state.value, tail.problem.value]).toEqual(["live", null]);
});

it("reads an empty journal again when the stream is open", async () => {
  const { connect } = server();
  const begin = vi.fn(async () => null);
  tailOf(begin, () => undefined, connect).start();
  await settle();
  expect(begin).toHaveBeenCalledTimes(2);
});
