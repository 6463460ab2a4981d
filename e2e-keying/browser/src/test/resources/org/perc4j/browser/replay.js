// SPDX-License-Identifier: Apache-2.0
import { outcome, run, scripted, seed } from "./page.js";

const corpus = new DataView(await (await fetch("corpus")).arrayBuffer());
const now = Number(corpus.getBigInt64(0));

function octets(at) {
  return new Int8Array(corpus.buffer, at + 4, corpus.getInt32(at)).slice();
}

await run((core) => {
  scripted();
  seed(0);
  const lines = [outcome(() => core.replay(now, octets(8)))];
  const started = performance.now();
  for (let at = 12 + corpus.getInt32(8), number = 1; at < corpus.byteLength; number++) {
    const length = corpus.getUint16(at);
    const kind = new TextDecoder().decode(new Uint8Array(corpus.buffer, at + 2, length));
    const message = octets(at + 2 + length);
    seed(number);
    lines.push(outcome(() => core.verdict(kind, message)));
    at += 6 + length + message.length;
  }
  lines.push(`${Math.round(performance.now() - started)} ms`);
  return lines.join("\n");
}, now * 1000);
