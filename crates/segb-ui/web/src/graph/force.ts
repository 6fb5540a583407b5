import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationLinkDatum, type SimulationNodeDatum } from "d3-force";

/** A node with its place, in the pixels of the drawing. */
export interface Body extends SimulationNodeDatum {
  id: string;
  x: number;
  y: number;
}

export interface Settling {
  /** How much of it is done, from 0 to 1. */
  readonly share: number;
  /** Goes on for about so many milliseconds; whether it is finished. */
  advance(budgetMs: number): boolean;
}

/** Long enough for the name of a link, where names are drawn. */
const LINK_LENGTH = 125;
const LINK_LENGTH_LARGE = 80;
/** Room around a node for its name. */
const RADIUS = 30;
const RADIUS_LARGE = 20;
const REPULSION = -420;
/** Farther away nodes do not notice each other. */
const REPULSION_REACH = 900;
const REPULSION_REACH_LARGE = 500;
const TICKS = 300;
/** A large drawing is settled in fewer steps: each costs much more, and details cannot be seen. */
const TICKS_LARGE = 100;
/** A large drawing takes its shape first; the last part of the steps makes room for each node. */
const ROOM_FROM_LARGE = 0.7;
const LARGE = 700;

/**
 * Lets linked nodes attract and all nodes repel each other, a few steps at a time. Nodes in `fixed` stay where they are.
 * The same bodies and links always end in the same places: the library's numbers are not random.
 */
export function settle(bodies: Body[], links: readonly { source: string; target: string }[], fixed: ReadonlySet<string> = new Set()): Settling {
  for (const body of bodies) {
    body.fx = fixed.has(body.id) ? body.x : null;
    body.fy = fixed.has(body.id) ? body.y : null;
  }
  const isLarge = bodies.length > LARGE;
  const ticks = isLarge ? TICKS_LARGE : TICKS;
  const simulation = forceSimulation(bodies)
    .stop()
    .alphaDecay(1 - 0.001 ** (1 / ticks))
    .force("link", forceLink<Body, SimulationLinkDatum<Body>>(links.map((link) => ({ ...link }))).id((body) => body.id).distance(isLarge ? LINK_LENGTH_LARGE : LINK_LENGTH))
    .force("repulsion", forceManyBody<Body>().strength(REPULSION).distanceMax(isLarge ? REPULSION_REACH_LARGE : REPULSION_REACH).theta(isLarge ? 1.8 : 0.9))
    .force("x", forceX<Body>(0).strength(0.04))
    .force("y", forceY<Body>(0).strength(0.06));
  const roomFrom = isLarge ? Math.floor(ticks * ROOM_FROM_LARGE) : 0;
  let done = 0;
  return {
    get share() {
      return done / ticks;
    },
    advance(budgetMs) {
      const end = performance.now() + budgetMs;
      do {
        if (done >= roomFrom && !simulation.force("room")) simulation.force("room", forceCollide<Body>(isLarge ? RADIUS_LARGE : RADIUS));
        simulation.tick();
        done += 1;
      } while (done < ticks && performance.now() < end);
      return done >= ticks;
    },
  };
}
