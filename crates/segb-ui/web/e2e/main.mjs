/** `node e2e/main.mjs learning|hostile|troubles|protected [part]`: what the name says, against the server at UI_URL. */
import { assert, issues, withBrowser } from "./page.mjs";

const [part, only] = process.argv.slice(2);
const { run } = await import(`./${part}.mjs`);
try {
  await withBrowser((browser) => run(browser, only));
} finally {
  if (issues.length > 0) console.error(issues.join("\n"));
}
assert(issues.length === 0, "axe-core found serious issues, see above");
console.log(`${part}: everything works`);
