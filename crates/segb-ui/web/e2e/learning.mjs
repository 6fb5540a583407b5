/** Learning mode: every page with real data, in both themes, and the ways through them. */
import { chain } from "./chain.mjs";
import { graphWalk } from "./graph.mjs";
import { assert, base, openTab } from "./page.mjs";
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
const PARTS = { everyPage, onATablet, byKeyboard, timelineWalk, graphWalk, fromInsertToProof, chain, liveJournal, queries, reports, review, emptied };

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

const TURTLE = `@prefix ex: <${STORY}> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
@prefix oro: <http://kb.openrobots.org#> . @prefix schema: <http://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
<${STORY}activity/wave> a segb:LoggedActivity, oro:ResponseAction ; segb:wasPerformedBy <${STORY}robot/ari> ;
  segb:triggeredByActivity <${STORY}activity/hear_thanks> ; prov:startedAtTime "2026-01-31T10:00:40Z"^^xsd:dateTime .
`;

async function write(page, text) {
  const editor = page.locator(".code-editor .cm-content").first();
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** What the acceptance asks for: insert → report → explain → proof. */
async function fromInsertToProof(browser) {
  const tab = await openTab(browser, { expected: [422] });
  const { page } = tab;
  await tab.go("/logs/insert");
  await write(page, `${TURTLE}\n<urn:x> onyx:hasEmotionIntensity "much" .`);
  await page.getByRole("button", { name: "Validate" }).click();
  await tab.sees("SEM_INTENSITY_NOT_NUMERIC");
  await page.getByRole("button", { name: /SEM_INTENSITY_NOT_NUMERIC/ }).filter({ hasText: "line 7" }).waitFor();
  await tab.accessible("insert with issues");
  await tab.picture("insert-issues");
  await write(page, "<urn:a> <urn:b> .");
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await tab.sees("Nothing was stored");
  await write(page, TURTLE);
  await page.keyboard.press("Control+Enter");
  await tab.sees("The log is on disk");
  const log = await page.locator(".receipt a.button, .receipt a").first().innerText();
  await page.getByRole("link", { name: "Reports" }).click();
  await page.getByRole("link", { name: log.length > 0 ? /UTC|\d{4}-\d\d-\d\d/ : log }).first().waitFor();
  await tab.go("/timeline?view=list");
  await page.getByRole("button", { name: "wave" }).click();
  await page.getByRole("button", { name: "Explain" }).click();
  await tab.sees("hear thanks");
  await page.locator(".words .self a", { hasText: "proof" }).first().click();
  await tab.sees("The checkpoint is signed by the journal key");
  await page.locator(".verdict.good").waitFor();
  assert(page.url().includes(log), `${page.url()} is not of log ${log}`);
  await tab.accessible("proof");
  await tab.picture("proof");
  await page.getByRole("tab", { name: /Triples/ }).click();
  await tab.sees("segb:wasPerformedBy");
  await page.getByRole("tab", { name: "As received" }).click();
  await page.locator(".code-editor .cm-content").getByText("LoggedActivity").first().waitFor();
  await tab.picture("log");
  await tab.check("insert to proof");
  await tab.close();
}

async function liveJournal(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  await tab.go("/logs?live=1");
  await page.getByText("Live", { exact: true }).and(page.locator(".badge.ok")).waitFor();
  const before = await page.locator("tbody tr").count();
  const answer = await page.request.post(`${base}/api/ttl`, { data: { ttl_content: "<urn:live> <urn:says> 'now' .", user: "live-robot" } });
  assert(answer.status() === 201, "a log is taken");
  await page.getByText("live-robot").waitFor();
  assert((await page.locator("tbody tr").count()) === before + 1, "one entry more");
  await page.getByLabel("Kind").selectOption("log_received");
  await page.waitForURL("**kind=log_received**");
  await page.getByText("Context resolved").and(page.locator("td .badge")).first().waitFor({ state: "detached" });
  await tab.check("live journal");
  await tab.close();
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

async function review(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  await tab.go("/shared-context");
  await tab.sees("In question");
  const before = await page.locator(".case").count();
  assert(before > 0, "there is something to decide");
  await page.locator("main").focus();
  await page.keyboard.press("a");
  await tab.sees("Accepted: one event from now on");
  await page.getByRole("tab", { name: "Decided" }).click();
  await page.getByText("accepted", { exact: true }).first().waitFor();
  await tab.accessible("decided");
  await page.locator("tbody a").first().click();
  await page.waitForURL("**/logs/**");
  await tab.sees("Review accepted");
  await tab.check("review");
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
    [`/explain?resource=${of("activity/say_apology")}`, "No log says anything about this"],
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
