/** The timeline by hand, by finger and by keyboard. What is on the canvas is asked for through the inspector. */
import { assert, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const of = (iri) => encodeURIComponent(STORY + iri);
const CANVAS = ".timeline-canvas canvas:not(.map)";

export async function timelineWalk(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  const view = async () => {
    await page.waitForURL("**at=**");
    await page.waitForTimeout(400);
    const [from, to] = new URL(page.url()).searchParams.get("at").split("_").map((time) => Date.parse(time));
    return { from, width: to - from };
  };

  // It opens at the conversation, not at the training of the day before.
  await tab.go("/timeline");
  await page.locator(CANVAS).waitFor();
  const first = await view();
  assert(first.width < 60_000 && new Date(first.from).toISOString().startsWith("2026-01-31T09:59"), JSON.stringify(first));

  // A message is where it was said, and several emotions of one moment are all there.
  await tab.go(`/timeline?selected=${of("message/heard_anxiety")}`);
  await tab.sees("Listening: hear anxiety");
  await tab.go("/timeline?view=list");
  for (const words of ["intensity 0.86", "intensity 0.41"]) await tab.sees(words);
  await page.locator("tbody tr", { hasText: "intensity 0.86" }).getByRole("button").click();
  await page.locator(".details h2", { hasText: "fear, intensity 0.86" }).waitFor();
  await page.locator(".stage .scroll").focus();
  await page.keyboard.press("j");
  await page.locator(".details h2", { hasText: "fear, intensity 0.86" }).waitFor({ state: "detached" });
  await page.keyboard.press("k");
  await page.locator(".details h2", { hasText: "fear, intensity 0.86" }).waitFor();
  await tab.accessible("list of the timeline with an emotion");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/explain?resource=**");

  // Causes that are messages or emotions are those that made them; a person's filter leaves what had to do with the person.
  await tab.go(`/timeline?selected=${of("activity/say_apology")}`);
  await page.locator(".details", { hasText: /[1-9]\d* causes and/ }).waitFor();
  await tab.go(`/timeline?robot=${of("robot/tiago")}`);
  await tab.sees("2 activities");
  // Keys need no focus.
  await page.keyboard.press("j");
  await page.waitForURL("**selected=**");

  // Two fingers zoom around their middle.
  await tab.go("/timeline");
  await page.locator(CANVAS).waitFor();
  const before = await view();
  const box = await page.locator(CANVAS).boundingBox();
  const touch = await page.context().newCDPSession(page);
  const fingers = (half) => [-half, half].map((shift, id) => ({ x: box.x + box.width / 2 + shift, y: box.y + 120, id }));
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(50) });
  for (let half = 60; half <= 150; half += 10) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(half) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  const after = await view();
  assert(after.width < before.width / 2, `${before.width} ms before, ${after.width} ms after`);

  // What is chosen far away is brought into sight.
  await tab.go(`/timeline?selected=${of("activity/say_apology")}&robot=${of("robot/ari")}`);
  await tab.sees("Response: say apology");
  const shown = await view();
  assert(shown.from < Date.parse("2026-01-31T10:00:12Z") && shown.from + shown.width > Date.parse("2026-01-31T10:00:12Z"), JSON.stringify(shown));

  await page.route("**/api/query", (route) => route.fulfill({ status: 503, headers: { "retry-after": "1" }, contentType: "application/json", body: '{"detail":"Busy"}' }));
  await tab.go("/timeline");
  await tab.sees("The interaction cannot be read");
  await page.unroute("**/api/query");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(CANVAS).waitFor();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/query", async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await tab.go("/timeline");
  await tab.sees("Reading the interaction");
  await page.getByRole("button", { name: "Cancel" }).click();
  await tab.sees("Nothing was read");
  release();
  await page.unroute("**/api/query");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.locator(CANVAS).waitFor();
  await tab.close();
}
