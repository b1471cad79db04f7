// Named checks, reported to the Java suite as one line of JSON each. FAIRLEAD_LAB_MODULES is the folder whose
// node_modules the programs use.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

export { assert };

const require = createRequire(join(process.env.FAIRLEAD_LAB_MODULES, "programs.js"));

export const load = (name) => require(name);

/** Runs one check; a failing one does not keep the next from running. */
export async function check(name, run) {
  const begun = performance.now();
  let problem = null;
  try {
    await run();
  } catch (error) {
    problem = error.stack ?? String(error);
  }
  const millis = Math.round(performance.now() - begun);
  process.stdout.write(`${JSON.stringify({ check: name, problem, millis })}\n`);
}

/** Resolves with the first value of `probe` that is truthy, within the limit. */
export async function eventually(what, probe, limitMillis = 20_000) {
  const end = performance.now() + limitMillis;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`within ${limitMillis} ms: ${what} has not come true`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
