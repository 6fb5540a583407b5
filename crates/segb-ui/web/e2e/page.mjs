/** A browser that trusts nothing: everything a page should not do makes the test fail. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** How long anything that is waited for may take, on a busy machine. */
const PATIENCE_MS = 30_000;

/** What axe-core found on all pages; reported together at the end. */
export const issues = [];

export const base = process.env.UI_URL;

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Starts the browser, runs `work`, and ends it. */
export async function withBrowser(work) {
  const browser = await chromium.launch({ executablePath: process.env.SEGB_CHROMIUM, args: FLAGS });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** A tab of its own, with a watch on what it does. */
export async function openTab(browser, { theme = "light", width = 1280, height = 800, expected = [] } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, acceptDownloads: true });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(() => {
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error in the page: ${error}`));
  page.on("console", (message) => {
    const text = message.text();
    // The browser logs every answer that is no success; which ones are meant, a test says.
    if (message.type() === "error" && !expected.some((status) => text.includes(`status of ${status}`))) wrong.push(`console at ${page.url()}, ${message.location().url}:${message.location().lineNumber}: ${text}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("blob:") && !url.startsWith("data:")) wrong.push(`request to elsewhere: ${url}`);
    assert(!/ey[A-Za-z0-9_-]+\.ey/.test(url), `a token is in an address: ${url}`);
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    async go(path) {
      await page.goto(base + path);
    },
    /** Waits for a text that somebody can see. */
    async sees(text) {
      await page.getByText(text).filter({ visible: true }).first().waitFor();
    },
    async check(where) {
      const violations = await page.evaluate(() => window.__violations);
      assert(violations.length === 0, `${where}: policy violations: ${violations.join("; ")}`);
      assert((await page.evaluate(() => window.__hacked)) === undefined, `${where}: text of a log was run`);
      assert(wrong.length === 0, `${where}: ${wrong.join("\n")}`);
    },
    /** No serious issue by axe-core. */
    async accessible(where) {
      await page.evaluate(AXE);
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"], preload: false });
        return violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => `${node.target.join(" ")} (${node.failureSummary?.split("\n")[1]?.trim()})`).join(", ")}`);
      });
      issues.push(...found.map((one) => `${where}: ${one}`));
    },
    /** Keeps a picture, if a directory is named for them. */
    async picture(name) {
      const directory = process.env.SEGB_UI_SCREENSHOTS;
      if (directory) await page.screenshot({ path: join(directory, `${name}.png`), caret: "initial" });
    },
    close: () => context.close(),
  };
}
