// The console of a running Fairlead in headless Chromium. URL serves `smollm2-135m` (0 to 2 replicas) by the real
// engine, TOKEN is its control token; LOCKED_URL is another one that asks for LOCKED_KEY. CHROMIUM is the browser's
// program, SCREENSHOTS a folder, README_PICTURE the file of the README's screenshot, and TRAFFIC_SECONDS how long there is
// traffic before that is taken.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { assert, check, eventually, load } from "./checks.mjs";

const { chromium } = load("playwright-core");
const { URL: url, TOKEN, LOCKED_URL, LOCKED_KEY, CHROMIUM, SCREENSHOTS, README_PICTURE, TRAFFIC_SECONDS } = process.env;
const MODEL = "smollm2-135m";
const STORY = "Write a very long story about a ship that sails around the world.";
const LIMIT = 60_000;

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
});
mkdirSync(SCREENSHOTS, { recursive: true });

const overview = async () => (await fetch(`${url}/fairlead/v1/overview`)).json();
const version = async () => (await overview()).versions.find((each) => each.model === MODEL);
const ready = async () => (await version()).replicas.filter((each) => each.phase === "Ready");

/** Opens the page, runs `use(page, get)`, and fails when the page complained or asked another host. */
async function visit({ base = url, hash = "", expectErrors = false, ...options }, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const allowed = new Set([new URL(base).host, new URL((await overview()).controlUrl).host]);
  const foreign = [];
  const complaints = [];
  await context.route("**/*", (route) => {
    const asked = new URL(route.request().url());
    if (asked.protocol === "data:" || allowed.has(asked.host)) return route.continue();
    foreign.push(asked.href);
    return route.abort();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.stack ?? String(error)));
  try {
    await page.goto(`${base}/${hash}`);
    await use(page, (id) => page.getByTestId(id));
  } catch (error) {
    await page.screenshot({ path: join(SCREENSHOTS, `failed-${Date.now()}.png`) });
    throw error;
  } finally {
    await context.close();
  }
  assert.deepEqual(foreign, [], "requests to other hosts");
  if (!expectErrors) assert.deepEqual(complaints, [], "errors in the browser's console");
}

const live = (page) => page.locator('body[data-connection="live"]').waitFor({ state: "attached" });
const finished = (page) => page.locator('[data-testid="chat-answer"]:not([aria-busy])').last().waitFor();
const settled = (page) => page.locator("[data-testid=chat-send]").waitFor();

async function ask(page, question, { model = MODEL, maxTokens, temperature = "0" } = {}) {
  await live(page);
  await page.getByTestId("chat-model").selectOption(model);
  if (!(await page.getByTestId("chat-temperature").isVisible())) await page.getByTestId("chat-settings").locator("summary").click();
  await page.getByTestId("chat-temperature").fill(temperature);
  await page.getByTestId("chat-max-tokens").fill(String(maxTokens ?? ""));
  await page.getByTestId("chat-input").fill(question);
  await page.getByTestId("chat-input").press("Enter");
}

/** Records every length that the last answer's text has while it grows. */
const watchGrowth = (page) =>
  page.evaluate(() => {
    window.lengths = new Set();
    new MutationObserver(() => {
      const answer = document.querySelector('[data-testid="chat-answer"]:last-of-type .answer-body');
      if (answer) window.lengths.add(answer.textContent.length);
    }).observe(document.querySelector('[data-testid="chat-messages"]'), { subtree: true, childList: true, characterData: true });
  });
const growth = (page) => page.evaluate(() => window.lengths.size);
const answerText = async (get) => (await get("chat-answer").last().locator(".answer-body").textContent()) ?? "";

await check("the page shows the models and is live", () =>
  visit({}, async (page, get) => {
    await live(page);
    await page.locator(`[data-testid=model-card][data-model="${MODEL}"]`).waitFor();
    assert.match(await get("host").textContent(), /cores/);
    assert.equal(await page.title(), "Fairlead");
  }));

await check("a chat streams the model's answer", () =>
  visit({}, async (page, get) => {
    await watchGrowth(page);
    await ask(page, "What is the capital of France?");
    await page.locator('[data-testid=chat-answer][aria-busy="true"]').waitFor();
    await finished(page);
    assert.match(await answerText(get), /Paris/);
    assert.ok((await growth(page)) >= 3, "it came in one piece");
    assert.match(await get("chat-metrics").last().textContent(), /first token .*tokens\/s.*tokens/);
  }));

await check("a chat goes on where it was", () =>
  visit({}, async (page, get) => {
    await ask(page, "What is the capital of France?");
    await finished(page);
    const sent = page.waitForRequest((request) => request.url().endsWith("/v1/chat/completions"));
    await ask(page, "And of Italy?", { maxTokens: 16 });
    assert.deepEqual((await sent).postDataJSON().messages.map((each) => each.role), ["system", "user", "assistant", "user"]);
    await settled(page);
    assert.equal(await get("chat-answer").count(), 2);
  }));

await check("Stop ends an answer, in the engine too", () =>
  visit({}, async (page, get) => {
    await watchGrowth(page);
    await ask(page, STORY, { maxTokens: 1500 });
    await page.waitForFunction(() => window.lengths.size > 5);
    assert.equal((await version()).inFlight, 1);
    await get("chat-stop").click();
    await finished(page);
    assert.match(await get("chat-metrics").last().textContent(), /stopped/);
    assert.ok((await answerText(get)).length > 0, "the text so far is gone");
    await eventually("nothing runs any more", async () => (await version()).inFlight === 0, 5_000);
  }));

await check("the plots move while the model is used", () =>
  visit({}, async (page, get) => {
    await live(page);
    const drawn = (id) => get(id).locator("canvas").evaluate((canvas) => canvas.toDataURL());
    const told = (id) => get(id).locator("p.unseen").textContent();
    const ids = ["plot-throughput", "plot-ttft"];
    await page.waitForFunction(() => document.querySelectorAll("[data-testid=plot-ttft] canvas").length > 0);
    const before = await Promise.all(ids.map(async (id) => [await drawn(id), await told(id)]));
    await ask(page, STORY, { maxTokens: 150 });
    await finished(page);
    for (const [at, id] of ids.entries()) {
      await eventually(`${id} is drawn anew`, async () => (await drawn(id)) !== before[at][0]);
      await eventually(`${id} tells new numbers`, async () => (await told(id)) !== before[at][1]);
    }
    assert.match(await told("plot-throughput"), new RegExp(`${MODEL}: latest .*highest [1-9]`));
    assert.match(await told("plot-ttft"), new RegExp(`${MODEL}: latest \\d`));
  }));

// The browser itself complains of a stream that does not end as it should.
await check("a killed engine is an error in the chat, an event with its cause, and a replica that comes back", () =>
  visit({ expectErrors: true }, async (page, get) => {
    await watchGrowth(page);
    await ask(page, STORY, { maxTokens: 1500 });
    await page.waitForFunction(() => window.lengths.size > 5);
    const [{ pid, id }] = await ready();
    process.kill(pid, "SIGKILL");
    await get("chat-error").waitFor();
    assert.match(await get("chat-error").textContent(), /\w+ \w+/);
    const crash = page.locator(`[data-testid=event][data-type="Warning"]`, { hasText: id }).first();
    await crash.waitFor();
    assert.match(await crash.textContent(), /SIGKILL|signal 9/);
    await eventually("a replica is ready again", async () => (await ready()).length >= 1);
    await settled(page);
    await get("chat-retry").click();
    await page.waitForFunction(() => document.querySelector("[data-testid=chat-answer] .answer-body").textContent.length > 40);
    await page.keyboard.press("Escape");
    await finished(page);
  }));

await check("a chat needs only the keyboard", () =>
  visit({}, async (page, get) => {
    await live(page);
    await page.locator("[data-testid=chat-input]:enabled").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.type("What is the capital of France?");
    await page.keyboard.press("Enter");
    await eventually("an answer comes", async () => (await get("chat-answer").count()) > 0 && (await answerText(get)).length > 0);
    await page.keyboard.press("Escape");
    await finished(page);
    const focused = () => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName);
    assert.equal(await focused(), "chat-input");
    const reached = new Set();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press("Tab");
      const outlined = await page.evaluate(() => {
        const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
        return document.activeElement === document.body || outlineStyle !== "none" || boxShadow !== "none";
      });
      assert.ok(outlined, `nothing shows that ${await focused()} has the focus`);
      reached.add(await focused());
    }
    for (const id of ["theme-switch", "control-open", "events-filter", "chat-model", "chat-clear", "chat-system", "chat-input"]) {
      assert.ok(reached.has(id), `Tab does not reach ${id}, only ${[...reached]}`);
    }
  }));

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** Background and text of the page, as the canvas paints them whatever the notation. */
const colours = (page) =>
  page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((style) => {
      context.fillStyle = style;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    });
  });

for (const [scheme, dark] of [["light", false], ["dark", true]]) {
  await check(`it is ${scheme} when the system is, and can be switched`, () =>
    visit({ colorScheme: scheme }, async (page, get) => {
      await live(page);
      const [background, text] = (await colours(page)).map(luminance);
      assert.equal(background < text, dark);
      const contrast = (Math.max(background, text) + 0.05) / (Math.min(background, text) + 0.05);
      assert.ok(contrast >= 7, `contrast ${contrast}`);
      await page.screenshot({ path: join(SCREENSHOTS, `console-${scheme}.png`) });
      for (let turns = 0; turns < (dark ? 1 : 2); turns++) await get("theme-switch").click();
      const [changed, ink] = (await colours(page)).map(luminance);
      assert.equal(changed < ink, !dark);
      await page.reload();
      assert.equal((await colours(page)).map(luminance)[0], changed, "the choice is forgotten");
    }));
}

await check("it fits on a phone", () =>
  visit({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: "dark" }, async (page, get) => {
    await live(page);
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    for (const view of ["models", "events", "chat"]) {
      await get(`view-${view}`).tap();
      assert.ok((await overflow()) <= 0, `${view} is ${await overflow()} pixels too wide`);
      await page.screenshot({ path: join(SCREENSHOTS, `console-phone-${view}.png`) });
    }
    await ask(page, "What is the capital of France?");
    await finished(page);
    assert.match(await answerText(get), /Paris/);
    assert.ok((await overflow()) <= 0, "the answer is too wide");
    const input = await get("chat-input").boundingBox();
    assert.ok(input.y + input.height <= 740, "the input is below the screen");
    await page.screenshot({ path: join(SCREENSHOTS, "console-phone-answer.png") });
  }));

await check("without the control token it only shows", () =>
  visit({}, async (page, get) => {
    await live(page);
    await get("version").first().waitFor();
    for (const id of ["scale-up", "scale-down", "scale-auto"]) assert.equal(await get(id).first().isVisible(), false);
    assert.match(await get("control-open").textContent(), /Read-only/);
  }));

await check("with the control token it scales a version, and hands it back", () =>
  visit({ hash: `#token=${TOKEN}` }, async (page, get) => {
    await live(page);
    assert.doesNotMatch(page.url(), /token/);
    const card = page.locator(`[data-testid=model-card][data-model="${MODEL}"]`);
    await eventually("one replica is ready", async () => (await ready()).length === 1);
    await card.getByTestId("scale-up").click();
    await eventually("two replicas are ready", async () => (await ready()).length === 2);
    await card.locator('[data-testid=replica][data-phase="Ready"]').nth(1).waitFor();
    assert.match(await card.getByTestId("replica-count").textContent(), /2 replicas · set by hand/);
    await card.getByTestId("scale-down").click();
    await eventually("one replica is left", async () => (await version()).replicas.length === 1);
    await card.getByTestId("scale-auto").click();
    await eventually("it scales by itself", async () => (await version()).pinned === null);
    await card.getByText(/1 replica · auto/).waitFor();
  }));

await check("a wrong control token changes nothing and is asked for again", () =>
  visit({ hash: "#token=wrong", expectErrors: true }, async (page, get) => {
    await live(page);
    await page.locator(`[data-testid=model-card][data-model="${MODEL}"]`).getByTestId("scale-up").click();
    await get("control-dialog").waitFor();
    assert.match(await get("control-dialog").textContent(), /does not know/);
    assert.equal((await version()).pinned, null);
  }));

await check("where a key is needed the page asks for it, and takes the right one only", () =>
  visit({ base: LOCKED_URL, expectErrors: true }, async (page, get) => {
    await get("key-dialog").waitFor();
    await get("key-input").fill("wrong");
    await get("key-submit").click();
    await get("key-dialog").getByText(/does not know/).waitFor();
    await get("key-input").fill(LOCKED_KEY);
    await get("key-submit").click();
    await live(page);
    await ask(page, "What is the capital of France?", { model: "chat" });
    await finished(page);
    assert.match(await answerText(get), /Paris/);
  }));

await check("a picture for the README", async () => {
  const end = performance.now() + 1000 * Number(TRAFFIC_SECONDS);
  const questions = ["What is the capital of France?", "Name three fruits.", "What is a ship?", "Why is the sky blue?", STORY];
  const begun = performance.now();
  const talk = async (client) => {
    for (let turn = 0; performance.now() < end; turn++) {
      // One to three clients at a time, in waves of a minute.
      const busy = 2 + Math.sin((performance.now() - begun) / 10_000) > client;
      const body = { model: MODEL, stream: true, max_tokens: 60 + ((turn * 53 + client * 29) % 130), messages: [{ role: "system", content: "You are a helpful assistant." }, { role: "user", content: questions[(turn + client) % questions.length] }] };
      if (busy) await fetch(`${url}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then((answer) => answer.text());
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  await Promise.all([talk(0), talk(1), talk(2)]);
  await visit({ colorScheme: "light" }, async (page) => {
    await ask(page, "What is the capital of France?");
    await finished(page);
    await page.getByTestId("chat-settings").locator("summary").click();
    await page.screenshot({ path: README_PICTURE });
  });
});

await browser.close();
