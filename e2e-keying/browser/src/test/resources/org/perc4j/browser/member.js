// SPDX-License-Identifier: Apache-2.0
import { load } from "./perc4j-core-runtime.js";

const times = [];

/** Does something, and notes how long it took. */
async function timed(what, action) {
  const started = performance.now();
  const result = await action();
  times.push(`${what} ${Math.round(performance.now() - started)}`);
  return result;
}

async function ask(question, octets = new Int8Array()) {
  const answer = await fetch(`/peer/${question}`, { method: "POST", body: octets });
  return new Int8Array(await answer.arrayBuffer());
}

/** Asks whether the others have the same. */
async function agree(member) {
  await ask("agree", new Int8Array([
    ...member.authenticator(),
    ...member.exporterSecret("test"),
    ...new TextEncoder().encode(member.occupants().join()),
  ]));
}

function refused(action) {
  try {
    action();
  } catch (e) {
    if (e instanceof Error && !(e instanceof WebAssembly.RuntimeError)) {
      return e.message.split(":")[0];
    }
    throw e;
  }
  throw new Error("not refused");
}

async function main() {
  const { exports } = await timed("load", () => load("perc4j-core.wasm"));
  const room = "room@muc.example.org";
  const one = exports.of(room, "one@example.org", "one");
  const announcement = await timed("announce", () => one.announce());
  const welcome = await ask("add", announcement);
  const broken = welcome.slice();
  broken[broken.length - 1] ^= 1;
  const reasons = [refused(() => one.join(broken, "0"))];
  await timed("join", () => one.join(welcome, "0"));
  await agree(one);

  const commit = await ask("update");
  const changed = commit.slice();
  changed[changed.length - 1] ^= 1;
  reasons.push(refused(() => one.process(changed, [])));
  if (!(await timed("follow", () => one.process(commit, [])))) {
    throw new Error("removed");
  }
  await agree(one);

  const joiner = await ask("announce");
  await ask("follow", await timed("add one", () => one.add([joiner])));
  await ask("join", one.welcome());
  one.adopt();
  await agree(one);

  const two = exports.of(room, "two@example.org", "two");
  const info = await ask("info");
  const external = await timed("join from outside", () => two.joinFromOutside(info));
  await ask("follow", external);
  one.process(external, []);
  await agree(one);
  await agree(two);

  const removal = await ask("remove-one");
  if (one.process(removal, ["one"]) || !two.process(removal, ["one"])) {
    throw new Error("wrong one removed");
  }
  await agree(two);
  return `${reasons.join()}\n${times.join(", ")}`;
}

const result = await main().catch((e) => `failed: ${e} ${e.stack}`);
await fetch("/done", { method: "POST", body: result });
