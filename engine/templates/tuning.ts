/** How much has to be seen before a word counts as a variable. One configuration for all logs. */
export interface Tuning {
  /** Different words in one place, everything else alike, that make the place a variable. */
  readonly alternatives: number;
  /** Times as many for the first word of a line and the value of a message key: they name what is going on. */
  readonly namingFactor: number;
  /** Share of its words in which a line must be like a template to be held against it. */
  readonly similarity: number;
  /** Places in which two templates may differ at once, but for values behind `=`, `:` and quotes. */
  readonly placesMax: number;
  /** Different words, one of them a variable already, that do the same. */
  readonly mixedAlternatives: number;
  /** Hexadecimal letters in a row, with no digit among them, that are no word: `deadbeef`, `ffffffff`. */
  readonly hexCharsMin: number;
  /** UTF-16 units of a word; longer ones are encoded: keys, tokens, hashes. */
  readonly wordCharsMax: number;
}

export const defaultTuning: Tuning = {
  alternatives: 4,
  namingFactor: 3,
  similarity: 0.5,
  placesMax: 3,
  mixedAlternatives: 2,
  hexCharsMin: 8,
  wordCharsMax: 64,
};
