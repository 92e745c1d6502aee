// `run.mjs` runs the checks of a file, one after the other, and prints a line of JSON for each: its name, and
// its error or null. OLLIO is the URL of the server (tests/sdk/test_javascript.py).
import assert from "node:assert/strict";
import { subscribe } from "node:diagnostics_channel";
import { createClerkClient } from "@clerk/backend";
import { isClerkAPIResponseError } from "@clerk/backend/errors";

const environment = JSON.parse(process.env.OLLIO);
export const { base, key: secretKey, seeds } = environment;
export const connect = (key) => createClerkClient({ secretKey: key, apiUrl: base });
export const clerk = connect(secretKey);

// Requests of the SDK, as Node's own fetch reports them; `sent` is emptied before each check.
export const sent = [];
subscribe("undici:request:create", ({ request }) => {
  const pairs = Array.from({ length: request.headers.length / 2 }, (_, i) => request.headers.slice(2 * i, 2 * i + 2));
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  sent.push({ request, origin: request.origin, method: request.method, target: request.path, headers, text: "" });
});
subscribe("undici:request:bodyChunkSent", ({ request, chunk }) => {
  sent.find((each) => each.request === request).text += Buffer.from(chunk).toString();
});
export const bodies = () => sent.map(({ text }) => (text ? JSON.parse(text) : null));
export const targets = () => sent.map(({ method, target }) => `${method} ${target}`);

let number = 0;
export const address = (word = "js") => `${word}${(number += 1)}@example.com`;

// Runs a call that must be refused; returns the error that the SDK throws.
export async function refused(status, code, operation) {
  const error = await operation().then(
    () => assert.fail("it was not refused"),
    (thrown) => thrown,
  );
  assert.ok(isClerkAPIResponseError(error), `${error}`);
  assert.deepEqual([error.status, error.errors[0]?.code], [status, code]);
  return error;
}

// Checks that a parameter is refused, and that the error names it.
export async function names(parameter, code, operation) {
  const { errors } = await refused(422, code, operation);
  assert.deepEqual(
    errors.map(({ meta }) => meta.paramName),
    [parameter],
  );
}

// Messages of the SDK itself must not be read as results.
console.log = console.error;

const checks = [];
export const check = (name, run) => checks.push({ name, run });

export async function runAll() {
  for (const { name, run } of checks) {
    sent.length = 0;
    const fault = await run().then(
      () => sent.find(({ origin }) => origin !== base) && "it asked another server",
      (error) => error.stack,
    );
    process.stdout.write(`${JSON.stringify({ name, fault: fault ?? null })}\n`);
  }
}
