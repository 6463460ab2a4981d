// SPDX-License-Identifier: Apache-2.0
import { load } from "./perc4j-tests-runtime.js";

let state = 1;

/** Has the module's randomness begin anew, in one of many ways: as ScriptedRandom does. */
export function seed(number) {
  state = Math.imul(number, 0x9e3779b1) | 1;
}

function next() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state & 0xff;
}

/** Takes randomness away. */
export function scripted() {
  Object.defineProperty(crypto, "getRandomValues", {
    value: (array) => {
      for (let i = 0; i < array.length; i++) {
        array[i] = next();
      }
      return array;
    },
  });
}

/** Calls, and says what kind of failure it was. */
export function outcome(call) {
  try {
    return call();
  } catch (e) {
    return `${e instanceof WebAssembly.RuntimeError ? "TRAP" : "ERROR"} ${e} ${e.stack}`;
  }
}

/**
 * Runs a page, which says how it went, with the module.
 *
 * @param now a time that does not go on, in milliseconds, or nothing
 */
export async function run(main, now) {
  let result;
  try {
    const installImports = (imports) => {
      if (now) {
        imports.teavmDate.currentTimeMillis = () => now;
      }
    };
    result = await main((await load("perc4j-tests.wasm", { installImports })).exports);
  } catch (e) {
    result = `failed: ${e} ${e.stack}`;
  }
  await fetch("/done", { method: "POST", body: result });
}
