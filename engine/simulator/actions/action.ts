import type { ActionKind, ActionModel } from '../../scenario/model.ts';

export type ActionOf<K extends ActionKind> = Extract<ActionModel, { readonly kind: K }>;
