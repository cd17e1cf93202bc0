/** The command that plays what a benchmark played, for a terminal. */

export interface PlayedScenario {
  readonly source: string;
  readonly seed: number;
  readonly detectors: readonly string[];
}

export function playCommand({ source, seed, detectors }: PlayedScenario): string {
  const flags = detectors.flatMap((detector) => ['--detector', word(detector)]);
  return ['npx workbench run', word(source), '--seed', String(seed), ...flags, '--open'].join(' ');
}

/** A word that a shell takes as one and no command as a flag, whatever is in it. */
function word(text: string): string {
  // A terminal obeys control characters that are pasted into it.
  const bare = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
  const safe = bare.startsWith('-') ? `./${bare}` : bare;
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}
