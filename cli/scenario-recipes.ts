/** Outages of the shop that work as they are: what `workbench new scenario` begins with. */
import type { InsightCategory } from '../engine/insight/model.ts';

export interface Recipe {
  readonly service: string;
  readonly category: InsightCategory;
  readonly alsoAccepted: readonly InsightCategory[];
  /** Keys of the fault besides id, kind, at and service. */
  readonly fault: Readonly<Record<string, string | number>>;
  /** What the service had before, and what it got with the fault, where a deploy brings it. */
  readonly deploy?: { readonly version: string };
  /** The action that helps, and one that ends the fault where none of the usual ones does. */
  readonly helpful: string;
  readonly custom?: { readonly id: string; readonly title: string };
}

/** By kind of fault. */
export const recipes: Readonly<Record<string, Recipe>> = {
  latency: {
    service: 'catalog-db',
    category: 'data-store',
    alsoAccepted: ['latency', 'saturation'],
    fault: { endpoint: 'SELECT products', factor: 12 },
    helpful: 'pin-plan',
    custom: { id: 'pin-plan', title: 'Pin the plan that the statement had before' },
  },
  errors: {
    service: 'payments',
    category: 'deploy-regression',
    alsoAccepted: ['error-spike'],
    fault: { endpoint: 'POST /charge', rate: '40%', version: '6.1.1' },
    deploy: { version: '6.1.1' },
    helpful: 'rollback:payments',
  },
  crash: {
    service: 'search',
    category: 'error-spike',
    alsoAccepted: ['dependency'],
    fault: {},
    helpful: 'replace-image',
    custom: { id: 'replace-image', title: 'Start it from the image of yesterday' },
  },
  'pool-leak': {
    service: 'checkout',
    category: 'saturation',
    alsoAccepted: ['deploy-regression'],
    fault: { pool: 'orders-db', rate: '12%', version: '2.4.1' },
    deploy: { version: '2.4.1' },
    helpful: 'rollback:checkout',
  },
  'traffic-spike': {
    service: 'edge',
    category: 'traffic-anomaly',
    alsoAccepted: ['saturation'],
    fault: { factor: 6 },
    helpful: 'shed-load:edge=70%',
  },
  'memory-leak': {
    service: 'catalog',
    category: 'memory-leak',
    alsoAccepted: ['deploy-regression', 'saturation'],
    fault: { per_request: '160KiB', version: '5.17.2' },
    deploy: { version: '5.17.2' },
    helpful: 'rollback:catalog',
  },
  'cpu-steal': {
    service: 'storefront',
    category: 'performance',
    alsoAccepted: ['latency', 'saturation'],
    fault: { share: '88%' },
    helpful: 'move-neighbour',
    custom: { id: 'move-neighbour', title: 'Move the batch job to other hosts' },
  },
  'lock-queue': {
    service: 'catalog-db',
    category: 'data-store',
    alsoAccepted: ['saturation', 'latency'],
    fault: { table: 'products', statement: 'ALTER TABLE products ADD COLUMN weight integer' },
    helpful: 'kill-query:catalog-db',
  },
  'certificate-expiry': {
    service: 'checkout',
    category: 'certificate',
    alsoAccepted: ['network'],
    fault: {},
    helpful: 'renew-certificate:checkout',
  },
  dns: {
    service: 'search',
    category: 'network',
    alsoAccepted: ['dependency', 'configuration'],
    fault: { answer: 'nxdomain' },
    helpful: 'restore-record',
    custom: { id: 'restore-record', title: 'Restore the DNS record' },
  },
  network: {
    service: 'search',
    category: 'network',
    alsoAccepted: ['latency'],
    fault: { loss: '45%' },
    helpful: 'reroute',
    custom: { id: 'reroute', title: 'Route around the switch' },
  },
  'disk-fill': {
    service: 'orders-db',
    category: 'saturation',
    alsoAccepted: ['data-store'],
    fault: { rate: '500MiB/s' },
    helpful: 'free-disk:orders-db',
  },
  exhaustion: {
    service: 'orders-db',
    category: 'data-store',
    alsoAccepted: ['saturation', 'error-spike'],
    fault: { endpoint: 'INSERT orders', counter: 'orders.id', max: 2_147_483_647, left: 200 },
    helpful: 'widen-column',
    custom: { id: 'widen-column', title: 'Widen the column to 64 bits' },
  },
};
