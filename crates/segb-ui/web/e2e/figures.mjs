/**
 * How the pages that draw much behave: 10 000 activities on the timeline, 5 000 resources in the graph. Prints figures and
 * claims nothing; `load --pages` runs it. Without a graphics card the browser paints in software, so that a machine with
 * one is faster; "script" is what our code and the libraries take of each frame.
 */
import { openTab } from "./page.mjs";

const FRAMES = 90;
/** The people and robots of the load program's interactions. */
const of = (name) => `https://robots.example/interaction/${name}`;

export async function run(browser, only) {
  const tab = await openTab(browser);
  for (const [name, part] of Object.entries({ timeline, graph })) if (!only || only === name) await part(tab);
  await tab.close();
}

const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;

async function timed(name, work) {
  const start = performance.now();
  const said = await work();
  console.log(`${name}: ${ms(performance.now() - start)}${said ? `, ${said}` : ""}`);
}

/** Does the same in every frame, as a hand does, and says how long frames took: `what` is zoom, drag or point. */
async function frames(tab, name, selector, what) {
  const { page } = tab;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const scripted = async () => (await session.send("Performance.getMetrics")).metrics.find((one) => one.name === "ScriptDuration").value * 1000;
  const before = await scripted();
  const took = await page.evaluate(
    async ([selector, what, frames]) => {
      const element = document.querySelector(selector);
      const box = element.getBoundingClientRect();
      const at = (share) => ({ clientX: box.left + box.width * share, clientY: box.top + box.height * 0.4, bubbles: true, cancelable: true, pointerId: 1, buttons: what === "drag" ? 1 : 0, isPrimary: true });
      const send = (type, share) => {
        element.dispatchEvent(new PointerEvent(`pointer${type}`, at(share)));
        element.dispatchEvent(new MouseEvent(`mouse${type}`, at(share)));
      };
      element.setPointerCapture = () => undefined;
      if (what === "drag") send("down", 0.5);
      const took = [];
      let last = performance.now();
      for (let frame = 0; frame < frames; frame += 1) {
        const turn = frame % 60;
        if (what === "zoom") element.dispatchEvent(new WheelEvent("wheel", { ...at(0.6), ctrlKey: true, deltaY: turn < 30 ? -40 : 40 }));
        else send("move", what === "drag" ? 0.5 + (turn < 30 ? turn : 60 - turn) * 0.01 : 0.2 + turn * 0.01);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        took.push(now - last);
        last = now;
      }
      if (what === "drag") send("up", 0.5);
      return took;
    },
    [selector, what, FRAMES],
  );
  const script = (await scripted()) - before;
  await session.detach();
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor((took.length - 1) * share)];
  console.log(`${name}: frames p50 ${ms(at(0.5))}, p95 ${ms(at(0.95))}, max ${ms(at(1))}; script ${ms(script / FRAMES)} a frame`);
}

async function timeline(tab) {
  const { page } = tab;
  const canvas = ".timeline-canvas canvas:not(.map)";
  await timed("timeline, from the address to the drawing", async () => {
    await tab.go("/timeline");
    await page.locator(canvas).waitFor();
    return await page.getByText(/activities ·/).innerText();
  });
  await page.locator(canvas).focus();
  for (const view of ["where it opens", "all of it"]) {
    if (view === "all of it") await page.keyboard.press("0");
    for (const what of ["zoom", "drag", "point"]) await frames(tab, `timeline, ${view}, ${what}`, canvas, what);
  }
  await page.getByRole("button", { name: "Causes" }).click();
  await page.keyboard.press("0");
  await frames(tab, "timeline, all of it with every cause, zoom", canvas, "zoom");
}

/** About 5 000 resources: what six robots did, said and were. */
async function graph(tab) {
  const { page } = tab;
  const expanded = [0, 1, 2, 3, 4, 5].map((robot) => `2500:${of(`robot${robot}`)}`).join(" ");
  const settled = () => page.locator(".settling").waitFor({ state: "detached", timeout: 120_000 });
  const size = async () => await page.getByText(/resources, .* links/).innerText();
  await timed("graph, from the address to the first drawing of everything", async () => {
    await tab.go(`/kg-graph?resource=${encodeURIComponent(of("robot0"))}&expanded=${encodeURIComponent(expanded)}`);
    await page.locator(".filter-bar .spinner").waitFor({ state: "detached", timeout: 120_000 });
    return await size();
  });
  await timed("graph, until every resource has found its place", settled);
  const host = ".graph-canvas .drawing";
  for (const what of ["zoom", "drag", "point"]) await frames(tab, `graph, ${what}`, `${host} canvas:last-of-type`, what);
  await page.getByRole("button", { name: "List" }).click();
  const row = page.locator(".stage tbody button.link").nth(40);
  await row.waitFor();
  await timed("graph, from a click in the list to all that is said about it", async () => {
    const name = await row.innerText();
    await row.click();
    await page.locator(".node-inspector h2", { hasText: name }).waitFor();
  });
  await page.getByRole("button", { name: "Drawing" }).click();
  await page.locator(".graph-canvas canvas").first().waitFor();
  await settled();
  await timed("graph, from hiding a kind to the next frame", async () => {
    await page.locator(".legend button", { hasText: "message" }).click();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  });
  await timed("graph, from a reload with a filter by time to the drawing", async () => {
    await page.getByLabel("From (UTC)").fill("2026-03-02T00:00:00");
    await page.getByLabel("From (UTC)").blur();
    await page.waitForURL("**since=**");
    await page.locator(".filter-bar .spinner").waitFor({ state: "detached", timeout: 120_000 });
    await settled();
    return await size();
  });
}
