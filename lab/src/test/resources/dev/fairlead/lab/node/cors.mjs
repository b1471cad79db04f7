// Web pages of two origins in headless Chromium that ask one Fairlead over HTTPS. URL is its public door, KEY its key,
// MODEL a served name, ALLOWED_PORT and OTHER_PORT are where the pages are served on localhost; only the first origin is
// in its configuration. CHROMIUM is the browser's program.
import { createServer } from "node:http";
import { assert, check, load } from "./checks.mjs";

const { chromium } = load("playwright-core");
const { URL: url, KEY, MODEL, ALLOWED_PORT, OTHER_PORT, CHROMIUM } = process.env;

const serve = (port) =>
  new Promise((resolve) => {
    const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>page</title>"));
    server.listen(Number(port), "127.0.0.1", () => resolve(server));
  });
const pages = [await serve(ALLOWED_PORT), await serve(OTHER_PORT)];
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({ ignoreHTTPSErrors: true });

/** Asks from a page at `port` and tells what its script gets to see. */
async function ask(port, key) {
  const page = await context.newPage();
  try {
    await page.goto(`http://localhost:${port}/`);
    return await page.evaluate(
      async ({ url, key, model }) => {
        try {
          const response = await fetch(`${url}/v1/chat/completions`, {
            method: "POST",
            headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-stainless-lang": "js" },
            body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Hi" }] }),
          });
          const decoder = new TextDecoder();
          let text = "";
          for (const reader = response.body.getReader(); ; ) {
            const { done, value } = await reader.read();
            if (done) break;
            text += decoder.decode(value, { stream: true });
          }
          return { status: response.status, requestId: response.headers.get("x-request-id"), text };
        } catch (error) {
          return { failed: String(error) };
        }
      },
      { url, key, model: MODEL },
    );
  } finally {
    await page.close();
  }
}

await check("a page of an allowed origin streams an answer and reads its headers", async () => {
  const seen = await ask(ALLOWED_PORT, KEY);
  assert.equal(seen.status, 200, JSON.stringify(seen));
  assert.match(seen.requestId, /^req_/);
  assert.match(seen.text, /data: \[DONE\]/);
});

await check("a page of an allowed origin can read why it is refused", async () => {
  const seen = await ask(ALLOWED_PORT, "wrong");
  assert.equal(seen.status, 401, JSON.stringify(seen));
  assert.match(seen.text, /API key/);
});

await check("a page of another origin gets nothing, its key notwithstanding", async () => {
  const seen = await ask(OTHER_PORT, KEY);
  assert.match(seen.failed ?? JSON.stringify(seen), /TypeError/);
});

await browser.close();
pages.forEach((server) => server.close());
