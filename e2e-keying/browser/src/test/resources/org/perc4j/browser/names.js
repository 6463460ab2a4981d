// SPDX-License-Identifier: Apache-2.0
import { outcome, run } from "./page.js";

await run((core) => outcome(() => core.names(0, 0x32000) + core.names(0xe0000, 0xe1000)));
