/** Logs that are there to break a page: what they say is shown as text, runs nowhere, and leads nowhere. */
import { assert, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const of = (iri) => encodeURIComponent(STORY + iri);
const SCRIPT = "<script>window.__hacked = 1</script>";

const PAGES = [
  ["/reports", SCRIPT],
  ["/reports?report=participants", SCRIPT],
  ["/reports?report=conversations", null],
  ["/timeline?view=list", SCRIPT],
  ["/timeline", "Listening"],
  [`/timeline?selected=${of("activity/hear_hostile_0")}`, SCRIPT],
  [`/explain?resource=${of("activity/hear_hostile_0")}`, SCRIPT],
  [`/explain?resource=${of("message/heard_hostile_5")}`, "In words"],
  [`/kg-graph?resource=${of("message/heard_hostile_0")}`, "schema:text"],
  [`/kg-graph?resource=${encodeURIComponent("javascript:window.__hacked=1")}`, "rdfs:seeAlso"],
  ["/kg-graph?q=hacked", SCRIPT],
  ["/query?q=SELECT%20*%20WHERE%20%7B%20%3Fs%20%3Chttp%3A%2F%2Fschema.org%2Ftext%3E%20%3Ftext%20%7D", SCRIPT],
  ["/query?q=SELECT%20*%20WHERE%20%7B%20%3Fs%20%3Chttp%3A%2F%2Fwww.w3.org%2F2000%2F01%2Frdf-schema%23seeAlso%3E%20%3Flink%20%7D", "javascript:window.__hacked=1"],
  ["/logs", "<b>mallory</b>"],
  ["/shared-context", "Shared context"],
  ["/system/logs", "/auth/mode -> 200"],
];

export async function run(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  for (const [path, text] of PAGES) {
    await tab.go(path);
    if (text) await tab.sees(text);
    await page.waitForLoadState("networkidle").catch(() => undefined);
    // Whatever can be clicked must not run: no link leads anywhere but to pages of ours and web addresses.
    const links = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((link) => [link.protocol, link.target, link.rel]));
    for (const [protocol, target, rel] of links) {
      assert(protocol === "http:" || protocol === "https:", `${path}: a link with ${protocol}`);
      assert(target === "" || rel.includes("noopener"), `${path}: a link to a new tab without noopener`);
    }
    const inserted = await page.evaluate(() => document.querySelectorAll("main script, main img, main iframe, main object, main embed").length);
    assert(inserted === 0, `${path}: text has become elements`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= 1280, `${path}: a long text makes the page ${wide} pixels wide`);
    await tab.check(path);
  }
  // What turns the direction of a text is seen, and turns nothing.
  await tab.go(`/explain?resource=${of("message/heard_hostile_5")}`);
  await page.locator(".said-text .unseen-mark", { hasText: "⟦U+202E⟧" }).waitFor();
  assert(!(await page.locator("main").evaluate((main) => main.innerHTML)).includes("\u202e"), "a character that turns texts is in the page");
  await tab.go("/logs?actor=%3Cb%3Emallory%3C%2Fb%3E");
  await page.locator("tbody a").first().click();
  await page.locator(".verdict.good").waitFor();
  await page.getByRole("tab", { name: /Triples/ }).click();
  await tab.sees(SCRIPT);
  await tab.check("the log");
  await tab.picture("hostile");
  await tab.close();
}
