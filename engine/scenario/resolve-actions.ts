/** What people may do: which actions are forbidden, slower than usual, or the scenario's own. */
import type { Micros } from '../sdk/index.ts';
import { actionKinds, isKind } from './action-reader.ts';
import type { ActionTargets } from './action-targets.ts';
import { checkRule } from './actions.ts';
import type { ActionKind, ActionRules, CustomActionModel } from './model.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import type { ServiceIndex } from './resolve-index.ts';
import type { SimulatedFile } from './schema.ts';

export function resolveActions(
  report: Report,
  index: ServiceIndex,
  { file, faults }: { file: SimulatedFile; faults: Names },
): ActionRules {
  const delaysUs: Partial<Record<ActionKind, Micros>> = {};
  for (const kind of actionKinds) {
    const text = file.actions?.delays?.[kind];
    if (text === undefined) continue;
    delaysUs[kind] = report.unit('duration', text, ['actions', 'delays', kind]);
  }
  return {
    forbidden: [...(file.actions?.forbid ?? [])],
    delaysUs,
    custom: resolveCustom(report, index, { file, faults }),
  };
}

/** Once the services are known: a rule about nothing forbids nothing. */
export function checkForbidden(report: Report, scenario: ActionTargets): void {
  const seen = new Set<string>();
  for (const [f, text] of scenario.actions.forbidden.entries()) {
    const path = ['actions', 'forbid', f];
    const found = checkRule(scenario, text);
    if (found) report.add(path, { kind: 'reference', message: found.problem, hint: found.hint });
    if (seen.has(text)) {
      report.add(path, { kind: 'duplicate', message: `"${text}" for the second time` });
    }
    seen.add(text);
  }
}

function resolveCustom(
  report: Report,
  index: ServiceIndex,
  { file, faults }: { file: SimulatedFile; faults: Names },
): CustomActionModel[] {
  const added = file.actions?.add ?? [];
  // Only for its problems: actions are looked up by those who take them.
  new Names(report, {
    what: 'action',
    names: added.map((action) => action.id),
    pathOf: (a) => ['actions', 'add', a, 'id'],
    fold: true,
  });
  return added.map((action, a) => {
    const path = ['actions', 'add', a];
    if (isKind(action.id)) {
      const message = `"${action.id}" is an action of every scenario`;
      report.add([...path, 'id'], { kind: 'duplicate', message, hint: 'give it another id' });
    }
    const ends = action.ends ?? [];
    const begins = action.begins ?? [];
    if (ends.length + begins.length === 0) {
      report.add([...path, 'id'], {
        kind: 'no-effect',
        severity: 'warning',
        message: `the action ends and begins nothing`,
      });
    }
    const indexes = (key: 'ends' | 'begins', ids: readonly string[]) =>
      ids.map((id, i) => faults.find(report, id, [...path, key, i]));
    return {
      id: action.id,
      title: action.title,
      service: index.services.find(report, action.service, [...path, 'service']),
      takesUs: report.unit('duration', action.takes, [...path, 'takes']),
      ends: indexes('ends', ends),
      begins: indexes('begins', begins),
    };
  });
}
