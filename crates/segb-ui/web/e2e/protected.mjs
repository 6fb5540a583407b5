/** Protected mode: each role, signing in, being refused, and the end of a token. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, openTab } from "./page.mjs";

const READ = ["Reports", "Timeline", "Explain", "Graph", "Query", "Journal"];
const ROLES = {
  LOGGER: ["Health"],
  AUDITOR: [...READ, "Health"],
  ADMIN: [...READ, "Insert", "Delete", "Shared context", "Server log", "Health"],
};
const PATHS = {
  Reports: ["/reports", "Kinds of activities"], Timeline: ["/timeline?view=list", "Said or noted"], Explain: ["/explain", "Choose what is to be explained"],
  Graph: ["/kg-graph", "Start somewhere"], Query: ["/query", "No answer yet"], Journal: ["/logs", "Received (UTC)"],
  Insert: ["/logs/insert", "Check first, then insert"], Delete: ["/logs/delete", "What stays"], "Shared context": ["/shared-context", "In question"],
  "Server log": ["/system/logs", "/auth/mode -> 200"], Health: ["/health", "Ready"],
};

async function signIn(tab, token) {
  await tab.page.getByLabel(/Token: paste it/).fill(token);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
}

export async function run(browser) {
  // First, because its token does not last.
  await theEnd(browser);
  await nobody(browser);
  for (const [role, names] of Object.entries(ROLES)) await asRole(browser, role, names);
  await badTokens(browser);
  await byFile(browser);
}

async function nobody(browser) {
  const tab = await openTab(browser);
  for (const [name, [path, text]] of Object.entries(PATHS)) {
    await tab.go(path);
    if (name === "Health") await tab.sees(text);
    else await tab.page.waitForURL("**/session?next=**");
  }
  await tab.go("/session");
  await tab.sees("Token: paste it, or drop its file here");
  await tab.accessible("session without a token");
  await tab.picture("sign-in");
  await tab.check("nobody");
  await tab.close();
}

async function asRole(browser, role, names) {
  const tab = await openTab(browser, { expected: [403] });
  const { page } = tab;
  await tab.go(names.includes("Query") ? "/query" : "/session");
  await signIn(tab, process.env[`${role}_TOKEN`]);
  // Back to where one wanted to go.
  if (names.includes("Query")) await page.waitForURL((url) => url.pathname === "/query");
  else await tab.sees("Signed in");
  const offered = await page.locator(".side-bar .groups .entry").allInnerTexts();
  assert(JSON.stringify(offered.map((one) => one.trim())) === JSON.stringify(names), `${role} is offered ${offered}`);
  for (const [name, [path, text]] of Object.entries(PATHS)) {
    await tab.go(path);
    if (names.includes(name)) await tab.sees(text);
    else {
      await page.waitForURL("**/session?next=**");
      await tab.sees("Your roles do not include");
    }
  }
  if (names.includes("Query")) {
    await tab.go("/session?next=/timeline");
    await page.getByRole("link", { name: "Go on to Timeline" }).waitFor();
    await page.evaluate(() => sessionStorage.setItem("segb.draft", "SELECT * WHERE { ?secret ?p ?o }"));
  }
  if (names.includes("Insert")) {
    await tab.go("/logs/insert");
    await page.locator(".code-editor .cm-content").click();
    await page.keyboard.insertText("<urn:draft> a <urn:secret> .");
    await page.waitForFunction(() => sessionStorage.getItem("segb.draft.turtle")?.includes("secret"));
  }
  await tab.go("/session");
  await tab.sees("Signed in");
  await tab.accessible(`session of ${role}`);
  if (role === "AUDITOR") await tab.picture("session-signed-in");
  await page.getByRole("button", { name: "Sign out" }).click();
  await tab.sees("You have signed out");
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  assert(!/ey[A-Za-z0-9_-]+\.|secret/.test(kept), `a token or draft is left after signing out: ${kept}`);
  await tab.check(role);
  await tab.close();
}

/** The same token, good only later; the server refuses it in any case, because its signature is of something else. */
function from2099(token) {
  const [head, payload, signature] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), nbf: Date.UTC(2099, 0, 1) / 1000, exp: Date.UTC(2099, 0, 2) / 1000 };
  return [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
}

async function badTokens(browser) {
  const tab = await openTab(browser, { expected: [401] });
  const { page } = tab;
  await tab.go("/session");
  for (const [token, text] of [
    ["nonsense", "three parts"],
    [process.env.FOREIGN_TOKEN, "Invalid Token"],
    [process.env.EXPIRED_TOKEN, "has expired"],
    [from2099(process.env.AUDITOR_TOKEN), "is from 2099-01-01 00:00:00 UTC on"],
  ]) {
    await signIn(tab, token);
    await page.locator(".problem-line", { hasText: text }).waitFor();
    assert((await page.evaluate(() => sessionStorage.length)) === 0, "a bad token is not kept");
  }
  await tab.check("bad tokens");
  await tab.close();
}

async function byFile(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  const path = join(process.env.SCRATCH, "token.json");
  writeFileSync(path, JSON.stringify({ token: process.env.AUDITOR_TOKEN, username: "ana" }));
  await tab.go("/reports");
  await page.locator('input[type="file"]').setInputFiles(path);
  await page.waitForURL((url) => url.pathname === "/reports");
  await tab.sees("Kinds of activities");
  // Another page of the address bar is not followed.
  await tab.go("/session?next=https://evil.example/");
  await signIn(tab, process.env.AUDITOR_TOKEN);
  await tab.sees("Signed in");
  assert(page.url().includes("/session"), page.url());
  await tab.check("by file");
  await tab.close();
}

async function theEnd(browser) {
  const tab = await openTab(browser, { expected: [401] });
  const { page } = tab;
  await tab.go("/logs?live=1");
  await signIn(tab, process.env.ENDING_TOKEN);
  // Less time is left than one is warned of; by the time this runs it may be over already, which is what is tested next.
  await page.getByText(/Your token expires in|Your token has expired/).first().waitFor();
  await page.getByText("Your token has expired").waitFor({ timeout: 60_000 });
  await page.waitForURL("**/session?next=/logs**");
  assert((await page.evaluate(() => sessionStorage.getItem("segb.token"))) === null, "an expired token is not kept");
  await signIn(tab, process.env.ADMIN_TOKEN);
  await page.waitForURL("**/logs?live=1");
  await tab.sees("Received (UTC)");
  await tab.check("the end of a token");
  await tab.close();
}
