/** Learning mode: every page with real data, in both themes, and the ways through them. */
import { chain } from "./chain.mjs";
import { graphWalk } from "./graph.mjs";
import { fromInsertToProof, insertTroubles } from "./insert.mjs";
import { journalWays, liveJournal, review } from "./logs.mjs";
import { assert, openTab } from "./page.mjs";
import { reports } from "./reports.mjs";
import { timelineWalk } from "./timeline.mjs";

const STORY = "https://robots.example/story/";
const of = (iri) => encodeURIComponent(STORY + iri);

/** Path, what somebody sees there, name of the picture. */
export const PAGES = [
  ["/reports", "Kinds of activities", "reports"],
  ["/reports?report=participants", "Linked to", "participants"],
  ["/reports?report=conversations", "Yes, please.", "conversations"],
  ["/reports?report=emotions", "Intensity over time", "emotions"],
  ["/reports?report=extreme-emotions", "0.94", "extreme-emotions"],
  ["/reports?report=robot-states", "Where the robots were", "robot-states"],
  ["/reports?report=displacement", "moves between", "places"],
  ["/reports?report=ml-usage", "Faces in the wild", "models"],
  [`/timeline?at=2026-01-31T09:59:58Z_2026-01-31T10:00:34Z&selected=${of("activity/say_apology")}`, "I am sorry, Ana", "timeline"],
  ["/timeline?view=list", "Said or noted", "timeline-list"],
  [`/explain?resource=${of("activity/say_apology")}&depth=4`, "What happened, in order", "explain"],
  [`/kg-graph?resource=${of("human/ana")}`, "foaf:firstName", "graph"],
  [`/kg-graph?resource=${of("human/ana")}&view=list`, "Links here", "graph-list"],
  ["/query?q=SELECT%20*%20WHERE%20%7B%20%3Fs%20a%20%3Fclass%20%7D%20LIMIT%2020", "20 rows", "query"],
  ["/logs", "Context resolved", "journal"],
  ["/logs/insert", "Check first, then insert", "insert"],
  ["/logs/delete", "What stays", "delete"],
  ["/shared-context", "May be the same as", "shared-context"],
  ["/system/logs", "/auth/mode -> 200", "server-log"],
  ["/health", "Requests since the start", "health"],
  ["/session", "This server is in learning mode", "session"],
];

/** In this order: the last one empties the graph. */
const PARTS = {
  everyPage, onATablet, byKeyboard, timelineWalk, graphWalk, fromInsertToProof, insertTroubles, chain, liveJournal, journalWays, queries, reports, review, emptied,
};

export async function run(browser, only) {
  for (const [name, part] of Object.entries(PARTS)) if (!only || name === only) await part(browser);
}

async function everyPage(browser) {
  for (const theme of ["light", "dark"]) {
    const tab = await openTab(browser, { theme });
    for (const [path, text, name] of PAGES) {
      await tab.go(path);
      await tab.sees(text);
      await tab.page.waitForLoadState("networkidle").catch(() => undefined);
      await tab.sees("Learning mode.");
      await tab.accessible(`${path}, ${theme}`);
      await tab.check(`${path}, ${theme}`);
      await tab.picture(theme === "light" ? name : `${name}-dark`);
    }
    await tab.close();
  }
}

async function onATablet(browser) {
  const tab = await openTab(browser, { width: 834, height: 1112 });
  for (const [path, text] of PAGES) {
    await tab.go(path);
    await tab.sees(text);
    const wide = await tab.page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= 834, `${path} is ${wide} pixels wide on a tablet`);
  }
  await tab.go(PAGES.find(([path]) => path.startsWith("/timeline"))[0]);
  await tab.sees("I am sorry, Ana");
  await tab.picture("timeline-tablet");
  await tab.check("tablet");
  await tab.close();
}

async function byKeyboard(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  await tab.go("/health");
  await tab.sees("Ready");
  await page.keyboard.press("Tab");
  await page.getByText("Skip to the page").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL("**/timeline**");
  await page.locator(".timeline-canvas canvas:not(.map)").focus();
  await page.keyboard.press("j");
  await page.waitForURL("**selected=**");
  await tab.sees("Said by");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Page, command, words, IRI or log id").fill("turtles");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/kg-graph?q=turtles");
  await page.getByRole("option").first().waitFor();
  await page.getByPlaceholder("Words of a label or text").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/kg-graph?resource=**");
  await tab.sees("Who said it");
  await page.keyboard.press("Escape");
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await tab.check("keyboard");
  await tab.close();
}

async function write(page, text) {
  const editor = page.locator(".code-editor .cm-content").first();
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Takes as long as the server lets it: every triple with every other, and again. */
const ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";

async function queries(browser) {
  const tab = await openTab(browser, { expected: [422] });
  const { page } = tab;
  await tab.go("/query");
  await write(page, "SELECT * WHERE {\n  ?s ?p\n}");
  await page.keyboard.press("Control+Enter");
  await tab.sees("The query was not run");
  await page.getByRole("button", { name: /Go to line \d+, column \d+/ }).waitFor();
  await page.locator(".cm-lintRange-error, .cm-lint-marker-error").first().waitFor();
  await tab.accessible("query with an error");
  await tab.picture("query-error");
  await write(page, "ASK { ?s ?p ?o }");
  await page.keyboard.press("Control+Enter");
  await tab.sees("The graph has a solution");
  await write(page, "CONSTRUCT { ?e <urn:because> ?c . ?c <http://schema.org/name> 'a cause' } WHERE { ?e <http://www.gsi.upm.es/ontologies/segb/ns#triggeredByActivity> ?c }");
  await page.keyboard.press("Control+Enter");
  await page.locator(".graph-canvas canvas").first().waitFor();
  await page.locator(".answer-graph li button", { hasText: "a cause" }).first().click();
  await page.locator(".answer-inspector dd", { hasText: "a cause" }).waitFor();
  await page.locator(".answer-inspector").getByRole("link", { name: "Explain" }).waitFor();
  await tab.accessible("query as a graph");
  await tab.picture("query-graph");
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/api/query") ? 1 : 0));
  for (const name of ["Turtle", "N-Triples", "Table", "Turtle", "N-Triples"]) {
    await page.getByRole("tab", { name }).click();
    if (name !== "Table") await page.locator(".answer .cm-content").getByText("because").first().waitFor();
  }
  assert(asked === 1, `five looks at formats took ${asked} runs`);
  await write(page, "PREFIX pro");
  await page.keyboard.insertText("v");
  await page.locator(".cm-tooltip-autocomplete").getByText("prov: <http://www.w3.org/ns/prov#>").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: /History/ }).click();
  await page.getByRole("button", { name: /ASK/ }).first().waitFor();
  // What is written outlives a reload, and the query that was run is not lost either.
  await page.reload();
  await page.locator(".query-page .editor .cm-content").getByText("PREFIX prov").waitFor();
  await page.getByRole("button", { name: "Back to that query" }).click();
  await page.locator(".query-page .editor .cm-content").getByText("a cause").waitFor();
  await page.locator(".graph-canvas canvas").first().waitFor();
  // With the focus on the button, not in the editor.
  await write(page, ENDLESS);
  await page.getByRole("button", { name: "Run" }).click();
  await tab.sees("What is below is still the answer before");
  await tab.accessible("while a query runs");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.keyboard.press("Escape");
  await tab.sees(/Stopped after [\d.]+ m?s/);
  await write(page, `ASK { ?s ?p "${"long ".repeat(1_500)}" }`);
  assert(await page.getByRole("button", { name: "Too long for a link" }).isDisabled(), "there is no link to a long query");
  await page.keyboard.press("Control+Enter");
  await tab.sees("The graph has no solution");
  assert(!page.url().includes("?"), "a long query stays out of the address");
  await tab.check("queries");
  await tab.close();
}

async function emptied(browser) {
  const tab = await openTab(browser, { expected: [404] });
  const { page } = tab;
  await tab.go("/logs/delete");
  const button = page.getByRole("button", { name: "Empty the graph" });
  assert(await button.isDisabled(), "nothing goes without a confirmation");
  await page.getByLabel(/To confirm/).fill("empty the graph");
  await button.click();
  await tab.sees("Graph cleared.");
  for (const [path, text] of [
    ["/reports", "The graph is empty"],
    ["/timeline", "There is nothing in this time"],
    ["/kg-graph?q=ana", "Nothing has these words"],
    [`/explain?resource=${of("activity/say_apology")}`, "The graph says nothing about this"],
    ["/logs?actor=nobody", "Nothing fits the filter"],
    ["/explain", "Choose what is to be explained"],
  ]) {
    await tab.go(path);
    await tab.sees(text);
    await tab.accessible(path);
  }
  await tab.check("an empty graph");
  await tab.close();
}
