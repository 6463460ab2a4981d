// SPDX-License-Identifier: Apache-2.0
import { outcome, run } from "./page.js";

await run((core) =>
  core.traps().map((name) => `${name}: ${outcome(() => core.trap(name, 0))}`).join("\n"));
