/**
 * Characters that are not seen but change what is: they turn the direction of the text around them, take no room, or are
 * obeyed by terminals. Line feed and tab are what they look like; the joiners belong to emoji and to several scripts.
 */
export const UNSEEN = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const NAMES: Record<number, string> = {
  0x00ad: "soft hyphen", 0x061c: "Arabic letter mark", 0x200b: "zero width space", 0x200e: "left-to-right mark", 0x200f: "right-to-left mark",
  0x202a: "left-to-right embedding", 0x202b: "right-to-left embedding", 0x202c: "end of a direction", 0x202d: "left-to-right override",
  0x202e: "right-to-left override", 0x2066: "left-to-right isolate", 0x2067: "right-to-left isolate", 0x2068: "first strong isolate",
  0x2069: "end of an isolate", 0xfeff: "byte order mark",
};

export interface Piece {
  text: string;
  /** What the mark stands for, if it is one. */
  mark?: string;
}

function markOf(character: string): Piece {
  const code = character.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return { text: `⟦${point}⟧`, mark: `${point}, ${NAMES[code] ?? "a character that is not seen"}` };
}

/** A text of a log in pieces, each unseen character as a mark that is seen and does nothing. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > end) pieces.push({ text: text.slice(end, found.index) });
    pieces.push(markOf(found[0]));
    end = found.index + found[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The same as one text, for titles, canvases and other places without elements. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => markOf(character).text);
}
