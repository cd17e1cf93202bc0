/** Writes a path of the API: `query('runs', id, 'logs', { t: 5, level: ['error'] })`. */
type Value = string | number | null | undefined | readonly (string | number)[];

export function runPath(
  run: string,
  question: string,
  parameters: Readonly<Record<string, Value>> = {},
): string {
  const parts = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '') return [];
    if (typeof value === 'string' || typeof value === 'number')
      return [`${name}=${encodeURIComponent(value)}`];
    return value.length > 0 ? [`${name}=${value.map(encodeURIComponent).join(',')}`] : [];
  });
  const search = parts.length > 0 ? `?${parts.join('&')}` : '';
  return `runs/${encodeURIComponent(run)}/${question}${search}`;
}
