// SPDX-License-Identifier: Apache-2.0
import { outcome, run } from "./page.js";

await run((core) =>
  core.groupTests().map((name) => `${name}: ${outcome(() => core.groupTest(name))}`).join("\n"));
