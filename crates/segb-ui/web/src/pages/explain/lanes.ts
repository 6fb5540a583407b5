import type { CauseLink, Step } from "../../api/reports";

/** In pixels. Boxes are narrow and tall, because there is more room below each other than beside. */
export const BOX = { width: 116, height: 66 };
const GUTTER = 34;
const GAP = { boxes: 14, lanes: 9 };
const EDGE = 12;
const SWEEPS = 10;

/** What stands in a column: a box, or the lane of an arrow that passes by, which keeps arrows from running behind boxes. */
interface Item {
  key: string;
  step: Step | null;
  column: number;
  y: number;
  left: Item[];
  right: Item[];
}
export interface Box {
  step: Step;
  x: number;
  y: number;
}
export interface Arrow {
  link: CauseLink;
  /** Paths of the line and of its head. */
  d: string;
  head: string;
  /** Against the time. */
  back: boolean;
}
export interface Drawing {
  boxes: Map<string, Box>;
  arrows: Arrow[];
  width: number;
  height: number;
}

const heightOf = (item: Item): number => (item.step ? BOX.height : 2);
/** How far the centres of two neighbours in a column are apart at least. */
const apart = (a: Item, b: Item): number => (heightOf(a) + heightOf(b)) / 2 + (a.step && b.step ? GAP.boxes : GAP.lanes);
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const xOf = (column: number): number => EDGE + column * (BOX.width + GUTTER);

function join(a: Item, b: Item): void {
  if (!a.right.includes(b)) a.right.push(b);
  if (!b.left.includes(a)) b.left.push(a);
}

/** Boxes and lanes by column, and for each link the items it goes through from left to right. */
function itemsOf(steps: readonly Step[], links: readonly CauseLink[], columns: Map<string, number>): { grid: Item[][]; ways: Map<CauseLink, Item[]> } {
  const items = new Map<string, Item>();
  const grid: Item[][] = [];
  const put = (key: string, column: number, step: Step | null): Item => {
    const known = items.get(key);
    if (known) return known;
    const item: Item = { key, step, column, y: 0, left: [], right: [] };
    items.set(key, item);
    while (grid.length <= column) grid.push([]);
    grid[column]?.push(item);
    return item;
  };
  for (const step of steps) put(step.id, columns.get(step.id) ?? 0, step);
  const ways = new Map<CauseLink, Item[]>();
  for (const link of links) {
    const [cause, effect] = [items.get(link.cause), items.get(link.effect)];
    if (!cause || !effect || cause === effect) continue;
    const [from, to, mark] = cause.column <= effect.column ? [cause, effect, "on"] : [effect, cause, "back"];
    const way = [from];
    // Arrows that start at one box share their lane until they part: it is one cause, and there is less to look at.
    for (let column = from.column + 1; column < to.column; column += 1) way.push(put(`${mark} ${column} ${from.key}`, column, null));
    way.push(to);
    ways.set(link, way);
    if (from.column < to.column) way.slice(1).forEach((item, place) => join(way[place] as Item, item));
  }
  return { grid, ways };
}

/** Orders each column by the middle of what its items lead to, to and fro, so that few arrows cross. */
function order(grid: readonly Item[][]): void {
  const place = new Map<Item, number>();
  const number = (column: readonly Item[]): void => column.forEach((item, index) => place.set(item, index / Math.max(1, column.length)));
  grid.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const side = sweep % 2 === 0 ? "left" : "right";
    for (const column of side === "left" ? grid : grid.toReversed()) {
      const wanted = new Map(column.map((item) => [item, item[side].length > 0 ? mean(item[side].map((other) => place.get(other) ?? 0)) : (place.get(item) ?? 0)]));
      column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      number(column);
    }
  }
}

/** Puts the items of a column as near as can be to where they want to be, in their order and without touching. */
function settle(column: readonly Item[], wanted: readonly number[]): void {
  // Without the room each needs, it is a row of numbers that must not fall: those that do are given their mean.
  const room: number[] = [];
  column.forEach((item, index) => room.push(index === 0 ? 0 : (room[index - 1] ?? 0) + apart(column[index - 1] as Item, item)));
  const pools: { sum: number; count: number }[] = [];
  for (const [index, y] of wanted.entries()) {
    pools.push({ sum: y - (room[index] ?? 0), count: 1 });
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)];
      if (!before || !last || before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  let index = 0;
  for (const { sum, count } of pools) {
    for (let member = 0; member < count; member += 1, index += 1) {
      const item = column[index];
      if (item) item.y = sum / count + (room[index] ?? 0);
    }
  }
}

function place(grid: readonly Item[][]): number {
  for (const column of grid) settle(column, column.map(() => 0));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? grid : grid.toReversed()) {
      settle(column, column.map((item) => {
        const others = [...item.left, ...item.right];
        return others.length > 0 ? mean(others.map((other) => other.y)) : item.y;
      }));
    }
  }
  const items = grid.flat();
  const top = Math.min(...items.map((item) => item.y - heightOf(item) / 2));
  for (const item of items) item.y = Math.round(item.y - top + EDGE);
  return Math.max(...items.map((item) => item.y + heightOf(item) / 2)) + EDGE;
}

/** From box to box through the lanes between: curves only where no box can be, between two columns. */
function arrowOf(link: CauseLink, way: readonly Item[]): Arrow {
  const first = way[0] as Item;
  const last = way.at(-1) as Item;
  const start = xOf(first.column) + BOX.width;
  if (first.column === last.column) {
    // Only in circles and at one time: around the right side.
    const [y1, y2] = first.step?.id === link.cause ? [first.y, last.y] : [last.y, first.y];
    const bend = start + GUTTER * 0.6;
    return { link, d: `M${start} ${y1}C${bend} ${y1} ${bend} ${y2} ${start + 6} ${y2}`, head: `M${start} ${y2}l8 -4v8z`, back: true };
  }
  const back = first.step?.id === link.effect;
  let d = back ? `M${start + 6} ${first.y}` : `M${start} ${first.y}`;
  for (const [index, item] of way.slice(1).entries()) {
    const before = way[index] as Item;
    const [x1, x2] = [xOf(before.column) + BOX.width, xOf(item.column)];
    const middle = (x1 + x2) / 2;
    d += `C${middle} ${before.y} ${middle} ${item.y} ${item === last && !back ? x2 - 6 : x2} ${item.y}`;
    if (item !== last) d += `H${x2 + BOX.width}`;
  }
  return { link, d, back, head: back ? `M${start} ${first.y}l8 -4v8z` : `M${xOf(last.column)} ${last.y}l-8 -4v8z` };
}

/** The drawing of a chain whose columns are known. */
export function draw(steps: readonly Step[], links: readonly CauseLink[], columns: Map<string, number>): Drawing {
  if (steps.length === 0) return { boxes: new Map(), arrows: [], width: 0, height: 0 };
  const { grid, ways } = itemsOf(steps, links, columns);
  order(grid);
  const height = place(grid);
  const boxes = new Map(grid.flat().flatMap((item) => (item.step ? [[item.step.id, { step: item.step, x: xOf(item.column), y: item.y - BOX.height / 2 }] as const] : [])));
  return { boxes, arrows: [...ways].map(([link, way]) => arrowOf(link, way)), width: xOf(grid.length - 1) + BOX.width + EDGE, height };
}
