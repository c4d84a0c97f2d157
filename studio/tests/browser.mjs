// A browser and pages in it for the tests. What always holds: a page's errors are kept, and a test that leaves some fails.

import { chromium } from "playwright-core";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];

let browser = null;

/** Where Chromium is, unless `CHROMIUM` names another. */
const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";

async function launched() {
  browser ??= await chromium.launch({ executablePath: PROGRAM, args: FLAGS });
  return browser;
}

/** A page of a server, loaded; `errors` holds what went wrong in it. */
export async function open(url, { width = 1440, height = 900, before = null, ready = true } = {}) {
  const context = await (await launched()).newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/net::ERR_|Failed to load resource/.test(message.text())) page.errors.push(message.text());
  });
  if (before) await before(page);
  await page.goto(url);
  if (ready) await when(page, () => performance.getEntriesByName("interactive").length > 0);
  return page;
}

/** Runs `act` in the page with the studio as its first argument. */
export function studio(page, act, argument) {
  return page.evaluate(`(async () => { const { studio } = await import("/js/main.js"); return (${act})(studio, ${JSON.stringify(argument ?? null)}); })()`);
}

/** Waits until `act` is true in the page. */
export async function until(page, act, argument, limit = 8000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await studio(page, act, argument);
    if (value) return value;
    if (Date.now() > end) throw new Error(`not true after ${limit} ms: ${act}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Waits until `act`, which knows nothing of the studio, is true in the page. The page's policy forbids the usual way. */
export async function when(page, act, limit = 8000) {
  const end = Date.now() + limit;
  while (!(await page.evaluate(act))) {
    if (Date.now() > end) throw new Error(`not true after ${limit} ms: ${act}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Ends the browser. */
export async function end() {
  await browser?.close();
  browser = null;
}
