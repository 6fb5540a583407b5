import { expect, it } from "vitest";
import { EventReader } from "./events";

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
