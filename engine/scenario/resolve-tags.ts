import type { Report } from './report.ts';

export function resolveTags(report: Report, tags: readonly string[]): readonly string[] {
  for (const [t, tag] of tags.entries()) {
    if (tags.indexOf(tag) === t) continue;
    report.add(['tags', t], { kind: 'duplicate', message: `tag "${tag}" for the second time` });
  }
  return [...tags];
}
