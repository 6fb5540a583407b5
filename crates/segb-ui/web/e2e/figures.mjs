/**
 * How the pages that draw much behave: 10 000 activities on the timeline, thousands of resources in the graph. Prints
 * figures and claims nothing; `load --pages` runs it. Without a graphics card the browser paints in software, so that real
 * machines are faster; "script" is what our code and the libraries take of each frame, on any machine.
 */
import { openTab } from "./page.mjs";

const FRAMES = 90;
/** The people and robots of the load program's interactions. */
const of = (name) => `https://robots.example/interaction/${name}`;

export async function run(browser) {
  const tab = await openTab(browser);
  await timeline(tab);
  await graph(tab);
  await tab.close();
}

const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;

/** Does something in every frame and says how long frames took. `act` runs in the page, with the frame's number. */
async function frames(tab, name, act, argument) {
  const { page } = tab;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const script = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((one) => one.name === "ScriptDuration").value * 1000;
  };
  const before = await script();
  const took = await page.evaluate(
    async ([source, argument, frames]) => {
      const act = new Function(`return (${source})`)();
      const took = [];
      let last = performance.now();
      for (let frame = 0; frame < frames; frame += 1) {
        act(frame, argument);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        took.push(now - last);
        last = now;
      }
      return took;
    },
    [act.toString(), argument, FRAMES],
  );
  const scripted = (await script()) - before;
  await session.detach();
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor((took.length - 1) * share)];
  console.log(`${name}: frames p50 ${ms(at(0.5))}, p95 ${ms(at(0.95))}, max ${ms(at(1))}; script ${ms(scripted / FRAMES)} a frame`);
}

async function timed(name, work) {
  const start = performance.now();
  const said = await work();
  console.log(`${name}: ${ms(performance.now() - start)}${said ? `, ${said}` : ""}`);
}
