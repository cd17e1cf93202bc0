/** Everything that `workbench doctor` checks, in the order in which it matters. */
import { isCheckout } from '../package-files.ts';
import type { Check } from './check.ts';
import { build, chromium } from './checkout.ts';
import { detectors, memory, node, terminal } from './machine.ts';
import { browser, page, port } from './page.ts';
import { disk, runs, sqlite, storage } from './storage.ts';

export type { Check, CheckResult } from './check.ts';

export function doctorChecks(): readonly Check[] {
  const everywhere = [
    node,
    sqlite,
    storage,
    disk,
    memory,
    detectors,
    page,
    port,
    browser,
    terminal,
    runs,
  ];
  return isCheckout() ? [...everywhere, build, chromium] : everywhere;
}
