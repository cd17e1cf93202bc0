/** Which detectors a scenario asks for. */
import type { DetectorChoice } from './model.ts';
import type { Report } from './report.ts';
import type { DetectorsFile } from './schema-common.ts';

export function resolveDetectors(
  report: Report,
  detectors: DetectorsFile | undefined,
): readonly DetectorChoice[] | 'default' {
  if (detectors === undefined || detectors === 'default') return 'default';
  if (detectors.length === 0) {
    report.add(['detectors'], {
      kind: 'no-effect',
      severity: 'warning',
      message: 'no detectors: nothing will be found',
      hint: 'leave the key out for those that come with the workbench',
      part: 'key',
    });
  }
  const seen = new Set<string>();
  return detectors.map((choice, index) => {
    const { id, config = {} } = typeof choice === 'string' ? { id: choice } : choice;
    if (seen.has(id)) {
      const path = typeof choice === 'string' ? [index] : [index, 'id'];
      report.add(['detectors', ...path], {
        kind: 'duplicate',
        message: `detector "${id}" for the second time`,
      });
    }
    seen.add(id);
    return { id, config: { ...config } };
  });
}
