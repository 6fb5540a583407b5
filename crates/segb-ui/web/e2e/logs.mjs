/** The ways through the journal, and deciding about shared contexts. Parts of `learning`. */
import { assert, base, openTab } from "./page.mjs";

const FAILURE = { status: 500, contentType: "application/json", body: '{"detail":"Internal Server Error"}' };
/** More than one page of the journal. */
const ENTRIES = 105;

const editorOf = (page) => page.locator(".code-editor .cm-content").first();

async function post(page, text, user) {
  const answer = await page.request.post(`${base}/api/ttl`, { data: { ttl_content: text, user } });
  assert(answer.status() === 201, "a log is taken");
}

export async function liveJournal(browser) {
  const tab = await openTab(browser, { expected: [500] });
  const { page } = tab;
  const isLive = page.getByText("Live", { exact: true }).and(page.locator(".badge.ok"));
  await tab.go("/logs?live=1");
  await isLive.waitFor();
  const before = await page.locator("tbody tr").count();
  await post(page, "<urn:live> <urn:says> 'now' .", "live-robot");
  await page.getByRole("cell", { name: /live-robot/ }).waitFor();
  assert((await page.locator("tbody tr").count()) === before + 1, "one entry more");
  // The list cannot be read: it stays, says why, and what came meanwhile is not missed.
  await page.route("**/api/logs*", (route) => route.fulfill(FAILURE));
  await page.getByRole("button", { name: "Load again" }).click();
  await tab.sees("Internal Server Error");
  await tab.sees(/Trying again in \d+ s/);
  await tab.accessible("a journal that is off");
  await tab.picture("journal-off");
  await post(page, "<urn:live> <urn:says> 'later' .", "late-robot");
  await page.unroute("**/api/logs*");
  await page.getByRole("button", { name: "Try now" }).click();
  await isLive.waitFor();
  await page.getByRole("cell", { name: /late-robot/ }).waitFor();
  await page.route("**/api/logs/stream*", (route) => route.fulfill(FAILURE));
  await page.getByRole("button", { name: "Load again" }).click();
  await tab.sees(/Trying again in \d+ s/);
  await page.unroute("**/api/logs/stream*");
  // By itself.
  await isLive.waitFor();
  await page.getByLabel("Actor").pressSequentially("late-rob");
  await page.getByRole("button", { name: "Actor late-robot" }).click();
  await page.waitForURL("**actor=late-robot**");
  await page.getByRole("button", { name: "No filter" }).first().click();
  await page.getByLabel("Kind").selectOption("log_received");
  await page.waitForURL("**kind=log_received**");
  await page.getByText("Context resolved").and(page.locator("td .badge")).first().waitFor({ state: "detached" });
  await tab.check("live journal");
  await tab.close();
}

/** Older entries, into a log and back, to its neighbours, and by its id. */
export async function journalWays(browser) {
  const tab = await openTab(browser, { expected: [500] });
  const { page } = tab;
  for (let number = 0; number < ENTRIES; number += 1) await post(page, `<urn:counted> <urn:says> ${number} .`, "counter");
  await tab.go("/logs");
  const rows = page.locator("tbody tr");
  await rows.nth(99).waitFor();
  await page.route("**/api/logs?*before=*", (route) => route.fulfill(FAILURE));
  await page.getByRole("button", { name: "Older entries" }).click();
  await tab.sees("The older entries cannot be read");
  assert((await rows.count()) === 100, "the list stays");
  await page.unroute("**/api/logs?*before=*");
  await page.getByRole("button", { name: "Try again" }).click();
  await rows.nth(100).waitFor();
  const sequence = await rows.nth(101).locator("td").first().innerText();
  await rows.nth(101).getByRole("link").click();
  await page.locator(".verdict.good").waitFor();
  await page.goBack();
  await page.locator('tr[aria-selected="true"]', { hasText: sequence }).waitFor();
  assert((await page.getByRole("region", { name: "Entries" }).evaluate((region) => region.scrollTop)) > 0, "back where one was");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: new RegExp(` ${sequence}$`) }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: new RegExp(` ${Number(sequence) + 1}$`) }).waitFor();
  await page.getByRole("button", { name: /Previous/ }).click();
  await page.getByRole("heading", { name: new RegExp(` ${sequence}$`) }).waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();
  await page.getByRole("link", { name: "Journal" }).last().click();
  await page.locator('tr[aria-selected="true"]', { hasText: id }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.insertText(` ${id.toUpperCase()} `);
  await page.waitForURL(`**/logs/${id}`);
  await tab.go("/logs?kind=shared_context_resolved");
  await rows.first().getByRole("link").click();
  await editorOf(page).waitFor();
  const received = await editorOf(page).locator(".cm-line").count();
  await page.getByLabel("Indented").check();
  await tab.sees("numbers may look different");
  assert((await editorOf(page).locator(".cm-line").count()) > received, "one member a line");
  await tab.check("ways through the journal");
  await tab.close();
}

export async function review(browser) {
  const tab = await openTab(browser, { expected: [500] });
  const { page } = tab;
  const decisions = [];
  page.on("request", (request) => /\/review\/.*\/(accept|reject)$/.test(request.url()) && decisions.push(request.url()));
  await tab.go("/shared-context");
  await tab.sees("In question");
  const before = await page.locator(".case").count();
  assert(before > 1, "there is something to decide");
  await page.route("**/api/shared-context/stats", (route) => route.fulfill(FAILURE));
  await page.route("**/api/logs?*", (route) => route.fulfill(FAILURE));
  await page.getByRole("button", { name: "Load again" }).click();
  await tab.sees("The counters cannot be read");
  await tab.sees("It is not known whether somebody decided");
  await tab.accessible("a queue of which little is known");
  await page.unroute("**/api/shared-context/stats");
  await page.unroute("**/api/logs?*");
  await page.locator(".counters").getByRole("button", { name: "Try again" }).click();
  await page.locator(".counters", { hasText: "active" }).waitFor();
  // A key behind a dialog decides nothing.
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  for (const key of ["x", "a", "Escape"]) await page.keyboard.press(key);
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" });
  // A key that is held decides once, and so does one that is pressed again before the next case was seen.
  for (let held = 0; held < 20; held += 1) {
    await page.keyboard.down("a");
    await page.waitForTimeout(50);
  }
  await page.keyboard.up("a");
  await tab.sees("Accepted: one event from now on");
  await page.waitForTimeout(700);
  assert(decisions.length === 1 && decisions[0].endsWith("/accept"), `one decision: ${decisions}`);
  assert((await page.locator(".case").count()) === before - 1, "the others wait");
  await page.getByRole("button", { name: /reject/ }).click();
  await page.keyboard.press("x");
  await tab.sees("Rejected: these stay different events");
  // The button has lost the focus; the keys go on.
  await page.waitForFunction(() => document.activeElement?.id === "page");
  await page.keyboard.press("x");
  await page.waitForTimeout(700);
  assert(decisions.length === 2, `two decisions: ${decisions}`);
  // What happened elsewhere is seen when somebody comes back.
  await page.waitForTimeout(2000);
  await Promise.all([page.waitForResponse("**/shared-context/review/pending"), page.evaluate(() => void window.dispatchEvent(new Event("focus")))]);
  await page.getByRole("tab", { name: "Decided" }).click();
  await page.getByText("accepted", { exact: true }).first().waitFor();
  await tab.accessible("decided");
  await page.locator("tbody tr", { hasText: "accepted" }).first().getByRole("link").click();
  await page.waitForURL("**/logs/**");
  await tab.sees("Review accepted");
  await tab.check("review");
  await tab.close();
}
