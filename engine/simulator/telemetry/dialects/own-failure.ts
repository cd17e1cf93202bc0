/** Failures by a service's own doing: which words of a runtime apply. */
import { severityNumbers } from '../../../sdk/index.ts';
import { Outcome } from '../../requests.ts';
import type { FailureText, OwnFailure } from './dialect.ts';
import { mix } from './mix.ts';
import { subjectOf, type Subject } from './subject.ts';

export interface OwnDetails {
  readonly failure: OwnFailure;
  /** What it worked on: the table where there is one, else what the path is about. */
  readonly subject: Subject;
  /** Number of the row. */
  readonly id: number;
}

/** The severity follows from the cause. */
export type OwnText = Omit<FailureText, 'severity'>;

type Word = (details: OwnDetails) => OwnText;

export interface OwnWords {
  /** Mistakes in the program, the usual one first. */
  readonly bugs: readonly Word[];
  /** The scenario's own message. */
  readonly said: Word;
  readonly token: Word;
  readonly stale: Word;
  readonly lockTimeout: Word;
  readonly exhausted: Word;
  readonly diskFull: Word;
  readonly killed: Word;
  readonly shed: Word;
  readonly refused: Word;
}

export function ownFailureText(words: OwnWords, failure: OwnFailure): FailureText {
  const details = {
    failure,
    subject: subjectOf(failure.table || failure.path),
    id: 1000 + (mix(failure.flavour, 7) % 90_000),
  };
  const { message, stack } = wordFor(words, failure)(details);
  return { message, stack, severity: severityOf(failure.cause) };
}

/** What a program means to do about its limits and its users is no error to it. */
function severityOf(cause: number): number {
  switch (cause) {
    case Outcome.token:
    case Outcome.stale:
    case Outcome.shed:
    case Outcome.refused:
    case Outcome.connectionsFull:
      return severityNumbers.warn;
    default:
      return severityNumbers.error;
  }
}

function wordFor(words: OwnWords, { cause, message, flavour, path }: OwnFailure): Word {
  switch (cause) {
    case Outcome.token:
      return words.token;
    case Outcome.stale:
      return words.stale;
    case Outcome.lockTimeout:
      return words.lockTimeout;
    case Outcome.exhausted:
      return words.exhausted;
    case Outcome.diskFull:
      return words.diskFull;
    case Outcome.killed:
      return words.killed;
    case Outcome.shed:
      return words.shed;
    case Outcome.refused:
    case Outcome.connectionsFull:
      return words.refused;
    default:
      return message === '' ? bugOf(words, flavour, path) : words.said;
  }
}

/** Each path has a bug that it hits most of the time: outages are not a parade of exceptions. */
function bugOf({ bugs }: OwnWords, flavour: number, path: string): Word {
  const usual = path.length % bugs.length;
  const rare = mix(flavour, 11) % 16;
  return bugs[rare < bugs.length ? rare : usual] as Word;
}

export function plain(message: string): OwnText {
  return { message, stack: '' };
}
