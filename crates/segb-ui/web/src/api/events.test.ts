import { afterEach, expect, it, vi } from "vitest";
import { EventReader, follow } from "./events";

it("puts events together from any pieces", () => {
  const text = ': heartbeat\n\nid: 7\nevent: entry\ndata: {"a":\ndata: 1}\n\ndata:x\r\n\r\nid: 8\ndata: half';
  for (let cut = 1; cut < text.length; cut += 1) {
    const reader = new EventReader();
    const events = [...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut))];
    expect(events[0]).toEqual({ id: "7", name: "entry", data: '{"a":\n1}' });
    expect(events.map((event) => event.data)).toEqual(['{"a":\n1}', "x"]);
  }
});

it("asks for nothing before the end of an event", () => {
  const reader = new EventReader();
  expect(reader.push("data: 1\n")).toEqual([]);
  expect(reader.push("\n")).toEqual([{ id: "", name: "message", data: "1" }]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("takes a connection that is silent for long as broken", async () => {
  vi.useFakeTimers();
  let say: (text: string) => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => (say = (text) => controller.enqueue(new TextEncoder().encode(text))) });
  vi.stubGlobal("fetch", async () => new Response(body, { headers: { "content-type": "text/event-stream" } }));
  const seen: string[] = [];
  let end = "";
  const following = follow("/logs/stream", {}, new AbortController().signal, (event) => seen.push(event.data), () => undefined).catch((error: Error) => (end = error.message));
  await vi.advanceTimersByTimeAsync(15_000);
  say("event: entry\ndata: 1\n\n: still here\n\n");
  await vi.advanceTimersByTimeAsync(15_000);
  expect([seen, end]).toEqual([["1"], ""]);
  await vi.advanceTimersByTimeAsync(10_000);
  await following;
  expect(end).not.toBe("");
});
