/** Walking through the graph: by mouse at the speed of a hand, by keyboard, with filters, back and forth. */
import { readFileSync } from "node:fs";
import { assert, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const of = (iri) => encodeURIComponent(STORY + iri);

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return readFileSync(await file.path());
}

export async function graphWalk(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  const size = async () => {
    await page.locator(".filter-bar .spinner").waitFor({ state: "detached" });
    await page.locator(".settling").waitFor({ state: "detached" });
    const [resources, links] = (await page.getByText(/resources, .* links/).innerText()).match(/\d+/g).map(Number);
    return { resources, links };
  };
  /** Where the library has drawn a resource. */
  const place = async (iri) =>
    await page.evaluate((iri) => {
      const host = document.querySelector(".graph-canvas .drawing");
      const box = host.getBoundingClientRect();
      const { x, y } = host._cyreg.cy.getElementById(iri).renderedPosition();
      return [box.left + x, box.top + y];
    }, STORY + iri);

  await tab.go(`/kg-graph?resource=${of("human/ana")}`);
  await tab.sees("foaf:firstName");
  const before = await size();
  // A hand takes its time between two clicks; nothing may move in between.
  await page.mouse.dblclick(...(await place("message/heard_anxiety")), { delay: 110 });
  await page.waitForURL("**expanded=**");
  await tab.sees("schema:text");
  const after = await size();
  assert(after.resources > before.resources, `${JSON.stringify(before)}, then ${JSON.stringify(after)}`);
  await page.reload();
  await tab.sees("schema:text");
  assert(JSON.stringify(await size()) === JSON.stringify(after), "the address brings the same drawing back");

  await page.getByRole("button", { name: "Show the logs behind its triples" }).click();
  await page.locator(".node-inspector dd .source-links a", { hasText: "ari" }).first().waitFor();
  await tab.accessible("inspector with sources");

  // By keyboard from resource to resource.
  await page.locator(".graph-canvas .drawing").focus();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.searchParams.has("selected"));
  await page.keyboard.press(" ");
  await page.waitForURL((url) => url.searchParams.get("selected") === `${STORY}human/ana`);
  await page.keyboard.press("ArrowRight");
  await page.waitForURL((url) => url.searchParams.get("selected") && url.searchParams.get("selected") !== `${STORY}human/ana`);

  const ttl = (await download(page, "Turtle")).toString();
  assert(ttl.includes("Oh no, my exam!") && ttl.includes("wasAttributedTo"), ttl.slice(0, 400));
  await page.locator(".legend button", { hasText: "message" }).click();
  assert(!(await download(page, "Turtle")).toString().includes("http://schema.org/text"), "what is hidden is not exported");
  await page.locator(".legend button", { hasText: "message" }).click();
  assert((await download(page, "PNG")).subarray(1, 4).toString() === "PNG", "the drawing is saved");

  // Somebody who takes part, and a time.
  await tab.go(`/kg-graph?resource=${of("robot/ari")}`);
  await tab.sees("Expand");
  const all = await size();
  await page.getByLabel("Who takes part").selectOption({ label: "TIAGo (robot)" });
  await page.waitForURL("**participant=**");
  await page.waitForFunction((links) => !document.querySelector(".filter-bar [role=status]")?.textContent.includes(`${links} links`), all.links);
  assert((await size()).links < all.links, "fewer links with one participant");
  await page.getByRole("button", { name: "No filter" }).click();
  await page.waitForURL((url) => !url.searchParams.has("participant"));
  await page.getByLabel("From (UTC)").fill("2026-01-31T10:00:20");
  await page.getByLabel("From (UTC)").blur();
  await page.waitForURL("**since=**");
  await page.waitForFunction((links) => !document.querySelector(".filter-bar [role=status]")?.textContent.includes(`${links} links`), all.links);
  const late = await size();
  assert(late.links > 0 && late.links < all.links, JSON.stringify([all, late]));

  // A new start is a step that can be taken back.
  await page.getByPlaceholder("Words of a label or text").fill("turtles");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("resource") !== `${STORY}robot/ari`);
  assert(new URL(page.url()).searchParams.get("since"), "conditions stay");
  await page.goBack();
  await page.waitForURL((url) => url.searchParams.get("resource") === `${STORY}robot/ari`);
  assert(JSON.stringify(await size()) === JSON.stringify(late), "back to the drawing before");

  // What goes wrong is said where it went wrong, and can be tried again.
  await page.route("**/api/graph/neighbours**", (route) => route.fulfill({ status: 500, contentType: "application/json", body: '{"detail":"Internal Server Error"}' }));
  await tab.go(`/kg-graph?resource=${of("robot/tiago")}`);
  await tab.sees("The graph cannot be read");
  await tab.accessible("graph with an error");
  await page.unroute("**/api/graph/neighbours**");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.locator(".graph-canvas canvas").first().waitFor();
  await tab.close();
}
