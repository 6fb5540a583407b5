/** Explain: the drawing and the words go together, and everything in them leads on. */
import { assert, openTab } from "./page.mjs";

const STORY = "https://robots.example/story/";
const of = (iri) => encodeURIComponent(STORY + iri);

export async function chain(browser) {
  const tab = await openTab(browser);
  const { page } = tab;
  const isInSight = (selector, frame) => page.evaluate(([what, where]) => {
    const [inner, outer] = [what, where].map((one) => document.querySelector(one).getBoundingClientRect());
    return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  }, [selector, frame]);
  const zoom = () => page.locator(".scaled").evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);

  await tab.go(`/explain?resource=${of("activity/say_apology")}&depth=20`);
  await page.locator(".box.self").waitFor();
  await page.waitForFunction(() => document.querySelector(".chain").scrollLeft > 0);
  assert(await isInSight(".box.self", ".chain"), "what is asked is in sight");
  assert((await zoom()) >= 0.75, "the drawing starts legible");
  const times = await page.locator(".box").evaluateAll((boxes) => boxes.map((box) => [parseFloat(box.style.left), box.querySelector(".foot").innerText.match(/^\d\d:\d\d:\d\d\.\d/)?.[0]]).filter(([, time]) => time));
  // The training was a day before, and is first.
  const story = times.slice(1).sort(([a], [b]) => a - b).map(([, time]) => time);
  assert(times.length > 8 && JSON.stringify(story) === JSON.stringify([...story].sort()), `the drawing is not in time: ${story}`);

  await page.locator(".chain").focus();
  for (const key of ["j", "j", "j", "j", "j", "j"]) await page.keyboard.press(key);
  await page.waitForURL("**step=**");
  await page.locator(".words .chosen").waitFor();
  assert(await isInSight('.box[aria-pressed="true"]', ".chain"), "the drawing follows the chosen step");
  assert(await isInSight(".words .chosen", ".told"), "the words follow the chosen step");
  await page.locator(".words .sentence", { hasText: "say exam headline" }).click();
  await page.getByRole("heading", { name: /Response: say exam headline/ }).waitFor();
  await page.waitForFunction(() => document.querySelector('.box[aria-pressed="true"] .name').innerText.includes("exam"));
  assert(await isInSight('.box[aria-pressed="true"]', ".chain"), "the drawing follows the words");

  await page.locator(".chain").focus();
  await page.keyboard.press("0");
  await page.waitForFunction(() => document.querySelector(".chain").scrollWidth <= document.querySelector(".chain").clientWidth + 1);
  const small = await zoom();
  await page.keyboard.press("+");
  assert((await zoom()) > small, "plus makes it larger");
  await page.getByRole("button", { name: "What is asked" }).click();

  await page.getByPlaceholder(/IRI of an activity/).fill(`${STORY}human/ana`);
  await page.keyboard.press("Enter");
  await tab.sees("Ana is a person");
  await page.locator(".participant tbody a").first().waitFor();
  await tab.accessible("a person explained");
  await page.getByRole("link", { name: "Emotions", exact: true }).click();
  await page.waitForURL("**/reports?report=emotions&human=**");
  await page.goBack();
  await tab.sees("Ana is a person");
  await page.goBack();
  await page.getByRole("heading", { name: /say exam headline/ }).waitFor();
  await tab.check("chain");
  await tab.close();
}
