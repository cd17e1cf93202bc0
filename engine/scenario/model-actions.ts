/** What people do about an outage. Written as `kind:target` or `kind:target=value`. */
import type { Micros } from '../sdk/index.ts';

export type ActionModel =
  /** Back to the version, or the configuration, before the last change of it. */
  | { readonly kind: 'rollback'; readonly service: number }
  | { readonly kind: 'flag-off'; readonly service: number; readonly flag: string }
  | {
      readonly kind: 'restart';
      readonly service: number;
      /** One instance by its number, all at once, or one after the other. */
      readonly which: number | 'all' | 'rolling';
    }
  | { readonly kind: 'scale'; readonly service: number; readonly instances: number }
  /** The service turns this share of requests away at the door, cheaply. */
  | { readonly kind: 'shed-load'; readonly service: number; readonly share: number }
  /** null: everybody's. */
  | { readonly kind: 'disable-retries'; readonly service: number | null }
  | {
      readonly kind: 'raise-pool';
      readonly service: number;
      readonly pool: number;
      readonly size: number;
    }
  | {
      readonly kind: 'raise-timeout';
      readonly service: number;
      readonly callee: number;
      readonly timeoutUs: Micros;
    }
  | { readonly kind: 'open-breaker'; readonly service: number; readonly callee: number }
  | { readonly kind: 'fail-over'; readonly zone: number }
  | { readonly kind: 'drain'; readonly service: number; readonly instance: number }
  | { readonly kind: 'flush-cache'; readonly service: number; readonly cache: number }
  | { readonly kind: 'warm-cache'; readonly service: number; readonly cache: number }
  | { readonly kind: 'renew-certificate'; readonly service: number }
  /** Ends the statements that hold or wait for locks, and those that run long. */
  | { readonly kind: 'kill-query'; readonly service: number }
  | { readonly kind: 'pause-consumer'; readonly service: number }
  | { readonly kind: 'skip-message'; readonly service: number; readonly topic: number }
  | { readonly kind: 'free-disk'; readonly service: number }
  /** One that the scenario brings: index into its custom actions. */
  | { readonly kind: 'custom'; readonly action: number };

export type ActionKind = ActionModel['kind'];

/** What a scenario allows, and adds. */
export interface ActionRules {
  /** Kinds, or whole actions as text, that nobody may take here. */
  readonly forbidden: readonly string[];
  /** How long each kind takes until it works, µs, where other than usual. */
  readonly delaysUs: Readonly<Partial<Record<ActionKind, Micros>>>;
  readonly custom: readonly CustomActionModel[];
}

/** An action of one scenario: ends faults, and may begin others. */
export interface CustomActionModel {
  readonly id: string;
  readonly title: string;
  readonly service: number;
  readonly takesUs: Micros;
  /** Indexes into faults. */
  readonly ends: readonly number[];
  readonly begins: readonly number[];
}

/** An action as a run's input: decided at `at`; it works `delay` later. */
export interface ActionInput {
  readonly at: Micros;
  readonly action: ActionModel;
  /** As people write it: `rollback:payments`. */
  readonly text: string;
}
