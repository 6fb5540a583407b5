import { send, type Parameters } from "./client";
import { brokenOff, isAbort } from "./problem";

export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

/** Cuts a stream of server-sent events (HTML standard, section 9.2.6) into events; keeps what is not complete yet. */
export class EventReader {
  private rest = "";

  /** Takes more text and gives the events that are complete now. */
  push(text: string): ServerEvent[] {
    const blocks = (this.rest + text).replaceAll("\r\n", "\n").split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const event: ServerEvent = { id: "", name: "message", data: "" };
      const data: string[] = [];
      for (const line of block.split("\n")) {
        const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (field === "data") data.push(value);
        else if (field === "id") event.id = value;
        else if (field === "event") event.name = value;
      }
      event.data = data.join("\n");
      return data.length > 0 ? [event] : [];
    });
  }
}

/** The server says something every five seconds; a connection that is silent for so long, in milliseconds, is broken. */
const SILENCE_MAX_MS = 20_000;

/** The next piece of a stream, unless it is silent for too long. */
async function nextPiece(reader: ReadableStreamDefaultReader<string>): Promise<ReadableStreamReadResult<string>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(brokenOff()), SILENCE_MAX_MS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw isAbort(error) ? error : brokenOff();
  } finally {
    clearTimeout(timer);
  }
}

/** Reads a stream until it ends, breaks or is given up. The token travels in a header, which EventSource cannot do. */
export async function follow(path: string, query: Parameters, signal: AbortSignal, onEvent: (event: ServerEvent) => void, onOpen: () => void): Promise<void> {
  const response = await send(path, { query, signal, accept: "text/event-stream" });
  onOpen();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const events = new EventReader();
  for (;;) {
    const piece = reader && (await nextPiece(reader));
    if (!piece || piece.done) return;
    for (const event of events.push(piece.value)) onEvent(event);
  }
}
