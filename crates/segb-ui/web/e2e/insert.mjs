/** Inserting: from a document to its proof, and what can go wrong on the way. Parts of `learning`. */
import { assert, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const TURTLE = `@prefix ex: <${STORY}> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
@prefix oro: <http://kb.openrobots.org#> . @prefix schema: <http://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
<${STORY}activity/wave> a segb:LoggedActivity, oro:ResponseAction ; segb:wasPerformedBy <${STORY}robot/ari> ;
  segb:triggeredByActivity <${STORY}activity/hear_thanks> ; prov:startedAtTime "2026-01-31T10:00:40Z"^^xsd:dateTime ; schema:about ex:parting .
ex:parting a schema:Event ; schema:about <${STORY}human/ana> .
<${STORY}message/goodbye> a schema:Message ; schema:text "Goodbye, Ana." ; schema:sender <${STORY}robot/ari> ; prov:wasGeneratedBy <${STORY}activity/wave> .
`;
const FAILURE = { status: 500, contentType: "application/json", body: '{"detail":"Internal Server Error"}' };

const editorOf = (page) => page.locator(".code-editor .cm-content").first();

async function write(page, text) {
  await editorOf(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Drops a file with a text where `selector` says. */
async function drop(page, selector, text) {
  const dataTransfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "log.ttl"));
    return data;
  }, text);
  for (const event of ["dragover", "drop"]) await page.locator(selector).first().dispatchEvent(event, { dataTransfer });
}

/** What the acceptance asks for: insert → report → explain → proof. */
export async function fromInsertToProof(browser) {
  const tab = await openTab(browser, { expected: [422] });
  const { page } = tab;
  await tab.go("/logs/insert");
  await write(page, `${TURTLE}\n<urn:x> onyx:hasEmotionIntensity "much" .\n<urn:y> ex:has [ onyx:hasEmotionIntensity 7 ] .`);
  await page.getByRole("button", { name: "Validate" }).click();
  await page.getByRole("button", { name: /SEM_INTENSITY_NOT_NUMERIC/ }).filter({ hasText: "line 9" }).waitFor();
  await page.getByRole("button", { name: /SEM_INTENSITY_OUT_OF_RANGE/ }).filter({ hasText: "line 10" }).filter({ hasText: "a blank node" }).waitFor();
  await tab.accessible("insert with issues");
  await tab.picture("insert-issues");
  await write(page, "<urn:a> <urn:b> .");
  await tab.sees("before your changes");
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await tab.sees("Nothing was stored");
  await write(page, TURTLE);
  await page.keyboard.press("Control+Enter");
  await tab.sees("The log is on disk");
  const log = await page.locator(".receipt a").first().innerText();
  await page.getByRole("link", { name: "Reports" }).click();
  await page.getByRole("link", { name: "Conversations" }).or(page.getByRole("tab", { name: "Conversations" })).first().click();
  const row = page.locator(".bubble", { hasText: "Goodbye, Ana." });
  await row.locator(`a[href="/logs/${log}"]`).waitFor();
  await row.getByRole("link", { name: "Explain" }).click();
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
  await editorOf(page).getByText("LoggedActivity").first().waitFor();
  await tab.picture("log");
  await tab.check("insert to proof");
  await tab.close();

  const dark = await openTab(browser, { theme: "dark" });
  for (const view of ["received", "triples", "proof", "record"]) {
    await dark.go(`/logs/${log}?view=${view}`);
    await dark.page.locator(".verdict.good").waitFor();
    await dark.accessible(`/logs/<id>?view=${view}, dark`);
  }
  await dark.check("a log, dark");
  await dark.close();
}

/** Answers that are lost, documents sent twice, files dropped anywhere. */
export async function insertTroubles(browser) {
  const tab = await openTab(browser, { expected: [503, 500] });
  const { page } = tab;
  const keys = [];
  page.on("request", (request) => request.url().endsWith("/api/ttl") && keys.push(request.headers()["idempotency-key"]));
  await tab.go("/logs/insert");
  await editorOf(page).waitFor();
  await drop(page, ".insert-page .outcome", "<urn:dropped> a <urn:Thing> .");
  await editorOf(page).getByText("urn:dropped").waitFor();
  await drop(page, ".insert-page .cm-content", "<urn:dropped:again> a <urn:Thing> .");
  await editorOf(page).getByText("urn:dropped:again").waitFor();
  assert((await editorOf(page).innerText()).split("urn:dropped").length === 2, "a file takes the place of the text");
  // The server stores it, and the answer is lost.
  await page.route("**/api/ttl", async (route) => {
    await route.fetch();
    await route.fulfill({ ...FAILURE, status: 503 });
  });
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await tab.sees("It is not known whether it was stored");
  await tab.accessible("an insert without an answer");
  await tab.picture("insert-unknown");
  await page.unroute("**/api/ttl");
  await page.getByRole("button", { name: "Send the same again" }).click();
  await tab.sees("Already stored as");
  await page.reload();
  await editorOf(page).click();
  await page.keyboard.press("Control+Enter");
  await tab.sees("Already stored as");
  assert(keys.length === 3 && new Set(keys).size === 1, `one key for one document: ${keys}`);
  await page.getByRole("button", { name: "Store it once more" }).click();
  await tab.sees("The log is on disk");
  assert(keys[3] !== keys[0], "another key for another log");
  // Nothing is written while it is sent, and it can be cancelled.
  let answer = () => undefined;
  await page.route("**/api/ttl", async (route) => {
    await new Promise((resolve) => (answer = resolve));
    await route.abort().catch(() => undefined);
  });
  await write(page, "<urn:held> a <urn:Thing> .");
  await page.keyboard.press("Control+Enter");
  await tab.sees("If you cancel, it may be stored all the same.");
  await page.keyboard.type("x");
  assert((await editorOf(page).innerText()).trim() === "<urn:held> a <urn:Thing> .", "the editor is read-only while it is sent");
  await page.getByRole("button", { name: "Cancel" }).click();
  await tab.sees("You cancelled it");
  answer();
  await page.unroute("**/api/ttl");
  // What is too large for a draft does not leave another one behind.
  await drop(page, "main", `${"# long\n".repeat(150_000)}<urn:long> a <urn:Thing> .`);
  await tab.sees("Too large for a draft");
  assert((await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("segb.draft")).length)) === 0, "no draft is left");
  await page.route("**/api/ttl/validate", (route) => route.fulfill(FAILURE));
  await write(page, "<urn:a> a <urn:Thing> .");
  await page.getByRole("button", { name: "Validate" }).click();
  await tab.sees("It was not checked");
  await page.unroute("**/api/ttl/validate");
  await page.getByRole("button", { name: "Validate" }).click();
  await tab.sees("No issue found");
  await tab.check("insert troubles");
  await tab.close();
}
