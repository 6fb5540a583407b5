/** What pages say if something goes wrong between them and the server, and that trying again works. */
import { assert, openTab } from "./page.mjs";

const JSON_TYPE = { contentType: "application/json" };
const failing = (status) => ({ status, body: '{"detail":"Internal Server Error"}', ...JSON_TYPE });
const proxyPage = { status: 502, contentType: "text/html", body: "<html><title>Bad Gateway</title></html>" };

export async function run(browser) {
  await query(browser);
  await health(browser);
  await pageNotLoaded(browser);
  await serverLog(browser);
}

async function query(browser) {
  const tab = await openTab(browser, { expected: [500, 502] });
  const { page } = tab;
  let answer = failing(500);
  let release = () => undefined;
  await page.route("**/api/query", async (route) => {
    await new Promise((resolve) => (release = resolve));
    await (answer ? route.fulfill(answer) : route.continue());
  });
  const answered = async () => {
    await page.locator('.answer[aria-busy="true"]').waitFor();
    release();
  };
  await tab.go(`/query?q=${encodeURIComponent("SELECT * WHERE { ?s a ?class } LIMIT 3")}`);
  await tab.sees("Escape stops it");
  await tab.accessible("a query that runs");
  await answered();
  await tab.sees("The query failed");
  await tab.sees("The mistake is the server's");
  answer = proxyPage;
  await page.getByRole("button", { name: "Try again" }).click();
  await answered();
  await tab.sees("a web page came, with status 502");
  await tab.sees("Something between the browser and the server answered");
  await tab.accessible("a query that failed");
  answer = null;
  await page.getByRole("button", { name: "Try again" }).click();
  await answered();
  await tab.sees("3 rows");
  await tab.check("troubles of a query");
  await tab.close();
}

async function health(browser) {
  const tab = await openTab(browser, { expected: [500] });
  const { page } = tab;
  let versions = 0;
  page.on("request", (request) => (versions += request.url().endsWith("/api/openapi.json") ? 1 : 0));
  await tab.go("/health");
  await tab.sees("This browser has seen this journal for the first time");
  await page.evaluate(() => {
    const head = JSON.parse(localStorage.getItem("segb.treeHead"));
    localStorage.setItem("segb.treeHead", JSON.stringify({ ...head, size: head.size - 1 }));
  });
  await page.route("**/api/journal/consistency?**", (route) => route.fulfill(failing(500)));
  await page.getByRole("button", { name: "Look again" }).click();
  await tab.sees("It is checked again.");
  await tab.sees("Ready");
  await page.route("**/api/journal/checkpoint", (route) => route.fulfill(failing(500)));
  await page.getByRole("button", { name: "Look again" }).click();
  await tab.sees("The checkpoint cannot be read");
  await tab.sees("Requests since the start");
  await tab.accessible("health in parts");
  assert(versions === 1, `the version was asked for ${versions} times`);
  await tab.check("troubles of health");
  await tab.close();
}

/** The script of a page does not come: another page can be gone to, and the one that was wanted comes later. */
async function pageNotLoaded(browser) {
  const tab = await openTab(browser, { expected: [503] });
  const { page } = tab;
  await tab.go("/health");
  await tab.sees("Ready");
  await page.route(/ExplainPage/, (route) => route.fulfill({ status: 503, body: "" }));
  await page.getByRole("link", { name: "Explain" }).click();
  await tab.sees("This page cannot be loaded");
  await tab.accessible("a page that is not loaded");
  await page.getByRole("link", { name: "Health" }).click();
  await tab.sees("Ready");
  await page.getByRole("link", { name: "Explain" }).click();
  await tab.sees("This page cannot be loaded");
  await page.unroute(/ExplainPage/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForURL("**/explain");
  await tab.sees("Choose what is to be explained");
  await tab.check("a page that is not loaded");
  await tab.close();
}

/** The row that was opened stays the same one while the log moves on. */
async function serverLog(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  await tab.go("/system/logs?follow=1");
  await tab.sees("/auth/mode -> 200");
  const rows = page.locator(".server-log tbody button[aria-expanded]");
  await rows.last().focus();
  await page.keyboard.press("Enter");
  const opened = await page.locator(".raw-line pre").innerText();
  const asked = () => page.waitForResponse((response) => response.url().includes("/api/logs/server"));
  await asked();
  await page.request.get(`${page.url().split("/system")[0]}/api/healthz/live?moved`);
  await asked();
  await page.locator(".server-log .message", { hasText: "/healthz/live" }).last().waitFor();
  assert((await page.locator(".raw-line pre").innerText()) === opened, "another entry is open now");
  assert((await page.locator(".server-log .message", { hasText: "/logs/server" }).count()) === 0, "the page shows its own requests");
  await tab.accessible("server log, an entry open");
  await page.getByLabel("Also this page's own requests").check();
  await page.locator(".server-log .message", { hasText: "/logs/server" }).first().waitFor();
  await tab.check("server log");
  await tab.close();
}
