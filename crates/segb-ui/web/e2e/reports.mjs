/** What the reports do beside being there: pictures, filters, further rows, tables to keep. */
import { readFileSync } from "node:fs";
import { assert, base, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const ENTRY = "**/api/reports/emotions?**";

/** Asks the server for so few rows that there are more; `work` may do something else first. */
async function fewRows(page, rows, work = async () => undefined) {
  await page.route(ENTRY, async (route) => {
    if ((await work(route)) === "done") return;
    await route.continue({ url: route.request().url().replace(/limit=\d+/, `limit=${rows}`) });
  });
}

export async function reports(browser) {
  await pictures(browser);
  await filters(browser);
  await furtherRows(browser);
  await tables(browser);
}

/** A point of a picture tells what it is, and leads to its explanation. */
async function pictures(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  for (const [report, panel] of [["emotions", "Intensity over time"], ["robot-states", "Where the robots were"], ["displacement", "Where the robots were"]]) {
    await tab.go(`/reports?report=${report}`);
    const canvas = page.locator(".picture-panel", { hasText: panel }).locator("canvas");
    await canvas.waitFor();
    const { x, y, width, height } = await canvas.boundingBox();
    const found = await search(page, canvas, { x, y, width, height });
    assert(found, `${report}: nothing is to be pointed at`);
    await tab.picture(`${report}-pointed-at`);
    await page.mouse.click(found.x, found.y);
    await page.waitForURL("**/explain?resource=**");
    await tab.sees("What happened, in order");
  }
  await tab.go("/reports?report=emotions");
  await page.getByRole("list", { name: "Series" }).getByRole("button", { name: "fear" }).click();
  assert((await page.getByRole("button", { name: "fear", pressed: false }).count()) === 1, "a series can be hidden");
  await tab.check("pictures");
  await tab.close();
}

async function search(page, canvas, { x, y, width, height }) {
  for (let down = 8; down < height; down += 9) {
    for (let right = 40; right < width; right += 9) {
      await page.mouse.move(x + right, y + down);
      if ((await canvas.evaluate((element) => element.style.cursor)) === "pointer") return { x: x + right, y: y + down };
    }
  }
  return null;
}

/** Everybody can be chosen, those with one name are told apart, and what is being made says so. */
async function filters(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  const turtle = `@prefix oro: <http://kb.openrobots.org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    <${STORY}human/ana-of-the-third-floor> a oro:Human ; foaf:firstName "Ana" .`;
  const answer = await page.request.post(`${base}/api/ttl`, { data: { ttl_content: turtle, user: "ari" } });
  assert(answer.status() === 201, "a log is taken");
  await tab.go("/reports?report=participants");
  await page.getByRole("row", { name: /Ana ana-of-the-third-floor/ }).waitFor();
  await page.getByLabel("Person").selectOption({ label: "Ana (ana-of-the-third-floor)" });
  await page.waitForURL("**human=**third-floor**");
  await tab.go("/reports?report=emotions");
  await tab.sees("Intensity over time");
  let isSlow = true;
  await fewRows(page, 500, async () => {
    if (isSlow) await new Promise((resolve) => setTimeout(resolve, 1500));
  });
  await page.getByLabel("Robot").selectOption({ label: "TIAGo" });
  await page.locator('.busy-content[aria-busy="true"]').waitFor();
  await tab.sees("Making the report");
  await tab.picture("reports-busy");
  await page.getByRole("button", { name: "Cancel" }).click();
  await tab.sees("The report was stopped");
  assert((await page.locator("tbody tr").count()) === 0, "no rows of another filter stay");
  isSlow = false;
  await page.getByRole("button", { name: "Make the report" }).click();
  await tab.sees("Found by");
  assert((await page.locator("tbody tr").count()) === 1, "TIAGo found one emotion");
  await tab.go(`/reports?human=${encodeURIComponent(`${STORY}human/ana-of-the-third-floor`)}`);
  await tab.sees("The whole graph, whatever the filter");
  await tab.sees("No activity that fits is linked to a person");
  await tab.accessible("filtered overview");
  await tab.check("filters");
  await tab.close();
}

/** What is not complete says so; what fails says what failed. */
async function furtherRows(browser) {
  const tab = await openTab(browser, { expected: [500] });
  const { page } = tab;
  let fails = true;
  await fewRows(page, 2, async (route) => {
    if (!fails || !route.request().url().includes("offset=2")) return undefined;
    await route.fulfill({ status: 500, contentType: "application/json", body: '{"detail":"The disk is on fire."}' });
    return "done";
  });
  await tab.go("/reports?report=emotions");
  await page.getByText("the first 2 of 5").waitFor();
  await page.getByText("Of all 5 rows.").waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await tab.sees("Further rows cannot be loaded");
  await tab.accessible("further rows that fail");
  fails = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("the first 4 of 5").waitFor();
  await page.getByRole("button", { name: "Load more" }).click();
  await page.getByText(/the first \d of/).waitFor({ state: "detached" });
  assert((await page.locator("tbody tr").count()) === 5, "all rows are there once");
  await tab.check("further rows");
  await tab.close();
}

/** A table is complete however many answers it takes. */
async function tables(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  await fewRows(page, 2);
  await tab.go("/reports?report=emotions");
  await tab.sees("Intensity over time");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  assert(file.suggestedFilename() === "emotions.csv" && lines.length === 7 && lines[6] === "", `a header and five rows, not ${lines.length}`);
  assert(lines.filter((line) => line.startsWith("activity,")).length === 1, "one header");
  await tab.check("tables");
  await tab.close();
}
