// A scenario that is right but for one line: what is said about it, and at which word.
import { describe, expect, test } from 'vitest';
import { full } from '../support/full-scenario.ts';
import { parse } from '../support/scenario-text.ts';

/** What is written, what stands there instead, and each problem: `word ⇒ what is said`. */
type Case = readonly [from: string, to: string, ...said: string[]];

function problemsOf([from, to]: Case): string[] {
  expect(full).toContain(from);
  const text = full.replace(from, () => to);
  const result = parse(text);
  const lines = text.split('\n');
  return (result.scenario ? result.warnings : result.problems).map((problem) => {
    const rest = lines[problem.line - 1]?.slice(problem.column - 1) ?? '';
    const word = /^(?:[\w./%-]+|.{1,10})/.exec(rest)?.[0] ?? '';
    const hint = problem.hint === null ? '' : ` [${problem.hint}]`;
    const warning = problem.severity === 'warning' ? 'warning ' : '';
    return `${word} ⇒ ${warning}${problem.kind}: ${problem.message}${hint}`;
  });
}

// prettier-ignore
const services: readonly Case[] = [
  ['to: events }', 'to: evnts }', 'evnts ⇒ reference: no service "evnts" [did you mean "events"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['pool: catalog, t', 'pool: orders-db, t', 'orders-db ⇒ reference: no pool of web "orders-db" [known pools of web: catalog]'],
  ['cache: products,', 'cache: product,', 'products ⇒ warning no-effect: no call of web uses the cache [add to a call: cache: products]', 'product ⇒ reference: no cache of web "product" [did you mean "products"? known caches of web: products, local]'],
  ['store: catalog-cache', 'store: web', 'web ⇒ cycle: web would ask itself [leave the key out for memory of each instance]', 'GET ⇒ reference: no endpoint of web "GET" [known endpoints of web: GET /, POST /checkout]'],
  ['store: catalog-cache, store_endpoint: GET', 'store_endpoint: GET', 'store_endpoint ⇒ missing-key: store_endpoint without store: an endpoint of which service?'],
  ['store_endpoint: GET,', '', 'catalog-cache ⇒ missing-key: catalog-cache has several endpoints: which one? [add store_endpoint: GET | SET]'],
  ['ttl: 5m, ', '', 'jitter ⇒ missing-key: jitter without ttl: of what?'],
  ['cache: local, ', '', 'local ⇒ warning no-effect: no call of web uses the cache [add to a call: cache: local]'],
  ['- { to: recommendations, group: extras', '- { to: catalog, group: extras }\n          - { to: recommendations, group: other', 'extras ⇒ bad-value: calls of group "extras" do not stand next to each other [move them together, or give them different groups]'],
  ['flag: new-recs, concurrency', 'flag: old-recs, concurrency', 'old-recs ⇒ warning no-effect: web never has the flag "old-recs" [at the start and by changes: one-click, new-recs]'],
  ['min: 2, max: 8', 'min: 2, max: 1', '1 ⇒ bad-value: max (1) is less than min (2)'],
  ['min: 2, max: 8', 'min: 4, max: 8', '4 ⇒ bad-value: min (4) is more than instances (3)'],
  ['min: 2, max: 8', 'min: 2, max: 2', '2 ⇒ bad-value: max (2) is less than instances (3)'],
  ['instances_max: 6', 'instances_max: 3', '3 ⇒ bad-value: instances_max (3) is less than instances (4)'],
  ['target: 60%', 'target: 0%', '0% ⇒ bad-value: target must be more than zero'],
  ['base: 600MiB', 'base: 3GiB', '3GiB ⇒ bad-value: base (3GiB) leaves nothing of the limit (2GiB)'],
  ['used: 8GiB', 'used: 20GiB', '20GiB ⇒ bad-value: used (20GiB) leaves nothing of the size (20GiB)'],
  ['size: 20GiB', 'size: 20GB', '20GB ⇒ bad-value: "20GB" is no size; write 20GiB'],
  ['per_request: 2MiB', 'per_request: 2', '2 ⇒ wrong-type: "2" needs a unit: write 2B, 2KiB or 2MiB'],
  ['interval: 6s, timeout: 2s', 'interval: 6s, timeout: 7s', '7s ⇒ bad-value: timeout (7s) is longer than interval (6s)'],
  ['      warmup: 60s\n', '', 'warmup_factor ⇒ missing-key: warmup_factor without warmup: for how long?'],
  ['warmup_factor: 3', 'warmup_factor: 0.5', '0.5 ⇒ bad-value: warmup_factor must be at least 1, not 0.5'],
  ['      health_check: { interval: 6s, timeout: 2s, unhealthy_after: 4, healthy_after: 5, deep: true }\n', '', 'panic ⇒ warning no-effect: panic without health_check: all instances count as healthy'],
  ['flags: [one-click]', 'flags: [one-click, one-click]', 'one-click ⇒ duplicate: flag "one-click" for the second time'],
  ['kind: database, replica_of', 'kind: database, replica_off', 'replica_off ⇒ unknown-key: unknown key "replica_off" in services[7] [did you mean "replica_of"? allowed: name, kind, runtime, version, config, flags, instances, instances_max, workers, queue, cpus, memory and 12 more]'],
  ['replica_of: orders-db', 'replica_of: events', 'events ⇒ bad-value: events is a queue, not a database [give it kind: database]', 'orders-db ⇒ no-effect: orders-db has no replica, so there is nothing to apply [give a database replica_of: orders-db]'],
  ['replica_of: orders-db', 'replica_of: orders-copy', 'orders-copy ⇒ cycle: orders-copy copies itself', 'orders-db ⇒ no-effect: orders-db has no replica, so there is nothing to apply [give a database replica_of: orders-db]'],
  ['replica_of: orders-db, apply', 'apply', 'fresh ⇒ warning no-effect: orders-copy is no replica and consumes nothing: its data is never old', 'apply ⇒ missing-key: apply without replica_of: writes of which database?', 'orders-db ⇒ no-effect: orders-db has no replica, so there is nothing to apply [give a database replica_of: orders-db]'],
  ['queue: events, topic: orders', 'queue: web, topic: GET /', 'web ⇒ bad-value: web is a service, not a queue [give it kind: queue]', 'events ⇒ warning no-effect: nobody consumes orders of events'],
  ['topic: orders, endpoint: handle order', 'topic: refunds, endpoint: handle order', 'refunds ⇒ reference: no endpoint of events "refunds" [known endpoints of events: orders]', 'events ⇒ warning no-effect: nobody consumes orders of events'],
  ['endpoint: handle order, max', 'endpoint: handel order, max', 'handel ⇒ reference: no endpoint of mailer "handel order" [did you mean "handle order"? known endpoints of mailer: handle order, run report]'],
  ['endpoint: handle order, max', 'max', 'events ⇒ missing-key: mailer has several endpoints: which one? [add endpoint: handle order | run report]'],
  ['name: SELECT, table: orders', 'name: SELECT, partitions: 2', 'partitions ⇒ forbidden: partitions are for queues, not for a database'],
  ['name: SELECT, table: orders', 'name: SELECT, lock_timeout: 1s', 'lock_timeout ⇒ missing-key: lock_timeout without a table: locks of what?'],
  ['to: orders-copy, fresh', 'to: catalog, fresh', 'fresh ⇒ warning no-effect: catalog is no replica and consumes nothing: its data is never old'],
  ['runtime: python', 'runtime: pyton', 'pyton ⇒ bad-value: unknown runtime "pyton" [did you mean "python"? allowed: node, go, java, python, nginx, envoy, postgres, redis, kafka]'],
  ['zones: [a, b, c]', 'zones: [a, b, A]', 'A ⇒ duplicate: zone "A" for the second time ["a" counts as the same name]'],
  ['tags: [database, deploy]', 'tags: [deploy, deploy]', 'deploy ⇒ duplicate: tag "deploy" for the second time'],
  ['cpus: 4', 'cpus: 0', '0 ⇒ bad-value: cpus must be at least 1, not 0'],
];

// prettier-ignore
const calls: readonly Case[] = [
  ['calls: [{ to: orders-db, endpoint: SELECT, timeout: 1s }]', 'calls: [{ to: orders-db, endpoint: SELCT, timeout: 1s }]', 'SELCT ⇒ reference: no endpoint of orders-db "SELCT" [did you mean "SELECT"? known endpoints of orders-db: INSERT, SELECT]'],
  ['service_time: { p50: 30ms, p99: 90ms } }, {', 'service_time: { p50: 30ms, p99: 90ms }, calls: [{ to: events }] }, {', 'events ⇒ cycle: calls go in a circle: events "orders" → mailer "handle order" → events "orders"'],
  ['times: 3', 'times: 101', '101 ⇒ bad-value: times must be at most 100, not 101'],
  ['service_time: { p50: 300us, p99: 1ms }, endpoints: [{ name: GET }', 'service_time: { p50: 300us, p99: 1ms }, endpoints: [{ name: GET, calls: [{ to: web, endpoint: GET / }] }', 'web ⇒ cycle: calls go in a circle: web "GET /" → catalog-cache "GET" → web "GET /"'],
  ['budget: 20%', 'budget: 0.2', '0.2 ⇒ wrong-type: "0.2" needs a unit: write 0.2%'],
];

// prettier-ignore
const traffic: readonly Case[] = [
  ['GET /: 75%', 'GET /: 70%', 'mix ⇒ bad-value: the shares of the mix add up to 95%, not 100%'],
  ['POST /checkout: 25%', 'POST /chekout: 25%', 'POST ⇒ reference: no endpoint of web "POST /chekout" [did you mean "POST /checkout"? known endpoints of web: GET /, POST /checkout]'],
  ['mix: { GET /: 75%, POST /checkout: 25% }', 'endpoint: GET /, mix: { GET /: 75%, POST /checkout: 25% }', 'endpoint ⇒ forbidden: endpoint beside mix: which of them?'],
  ['kind: probe, every: 10s', 'kind: probe', '{ entry: w ⇒ missing-key: missing key "every" in traffic[2] [Distance between them. Written as 250ms, 30s, 5m or 1h30m.]'],
  ['kind: probe, every', 'kind: prob, every', 'prob ⇒ bad-value: unknown kind "prob" [did you mean "probe"? allowed: users, probe, batch]'],
  ['burst: 200, ', '', '{ entry: m ⇒ missing-key: missing key "burst" in traffic[3] [Requests each time.]'],
  ['spread: 30s', 'spread: 11m', '11m ⇒ bad-value: spread (11m) is longer than every (10m)'],
  ['rate: 30/s, shape', 'shape', '{ entry: e ⇒ missing-key: missing key "rate" in traffic[0] [Requests of users; they do not wait for answers (open loop). Written as 30/s or 1800/m.]'],
  ['rate: 30/s, shape', 'every: 10s, rate: 30/s, shape', 'every ⇒ unknown-key: unknown key "every" in traffic[0] [allowed: entry, endpoint, kind, rate, shape, mix, surges, patience, reload]'],
  ['until: 14m', 'until: 9m', '9m ⇒ bad-value: the surge ends (9m) before it begins (10m)'],
  ['until: 14m', 'until: 31m', '31m ⇒ warning no-effect: the surge ends (31m) after the end of the run'],
  ['at: 10m, until: 14m', 'at: 30m, until: 31m', '30m ⇒ bad-value: the surge comes at 30m, after the end of the run [make the duration longer]', '31m ⇒ warning no-effect: the surge ends (31m) after the end of the run'],
  ['ramp: 30s', 'ramp: 3m', '3m ⇒ bad-value: ramp (3m), there and back, is longer than the surge'],
  ['share: 30%, after', 'after', 'reload ⇒ missing-key: missing key "share" in reload [Share of failed or slow requests that are made again. Written as 0.4% or 99.5%.]'],
  ['- { entry: web, endpoint: GET /, kind: probe', '- { entry: web, endpoint: GET /, kind: probe, every: 1m }\n  - { entry: web, endpoint: GET /, kind: probe', 'web ⇒ duplicate: a probe into this endpoint of web for the second time'],
  ['kind: batch, every: 10m', 'kind: batch, every: 0s', '0s ⇒ bad-value: every must be more than zero'],
];

// prettier-ignore
const changes: readonly Case[] = [
  ['version: 2.4.1, instances: 1', 'version: 2.4.1, instances: 5', '5 ⇒ bad-value: the change is of 5 instances, but checkout has 4'],
  ['version: 2.4.1, instances: 1, over', 'instances: 1, over', 'instances ⇒ missing-key: instances without version: of what?', 'over ⇒ missing-key: over without version: of what?', '2.4.1 ⇒ warning no-effect: checkout never has the version "2.4.1" [did you mean "2.4.0"? at the start and by changes: 2.4.0]'],
  ['flag: one-click, on: false', 'on: false', 'on ⇒ missing-key: on without flag: which one?'],
  ['kind: config, service: edge, config: r118', 'kind: config, service: edge, version: r118', 'version ⇒ unknown-key: unknown key "version" in changes[1] [allowed: at, service, note, kind, config]', 'r118 ⇒ warning no-effect: edge never has the config "r118" [did you mean "r117"? at the start and by changes: r117]'],
  ['kind: scaling', 'kind: scale', 'scale ⇒ bad-value: unknown kind "scale" [allowed: deploy, flag, config, scaling, certificate, other]'],
];

// prettier-ignore
const faults: readonly Case[] = [
  ['version: 2.4.1, factor', 'version: 2.4.9, factor', '2.4.9 ⇒ warning no-effect: checkout never has the version "2.4.9" [did you mean "2.4.0"? at the start and by changes: 2.4.0, 2.4.1]'],
  ['flag: new-recs }', 'flag: old-recs }', 'new-recs ⇒ warning no-effect: web never has the flag "new-recs" [at the start and by changes: one-click, old-recs]', 'new-recs ⇒ warning no-effect: web never has the flag "new-recs" [at the start and by changes: one-click, old-recs]'],
  ['config: r118, rate', 'config: r119, rate', 'r119 ⇒ warning no-effect: edge never has the config "r119" [did you mean "r117"? at the start and by changes: r117, r118]'],
  ['endpoint: POST /orders, instances: 2', 'endpoint: POST /orders, instances: 5', '5 ⇒ bad-value: the fault is of 5 instances, but checkout has 4'],
  ['zone: b', 'zone: d', 'd ⇒ reference: no zone "d" [did you mean "a"? known zones: a, b, c]'],
  ['node: 5', 'node: 6', '6 ⇒ reference: no node 6 [known nodes: 0 to 5]'],
  ['pulse: { on: 2m, off: 3m }', 'pulse: { on: 0s, off: 3m }', '0s ⇒ bad-value: on must be more than zero'],
  ['id: crowd, kind: traffic-spike, at: 3m, service: web', 'id: crowd, kind: traffic-spike, at: 3m, service: checkout', 'checkout ⇒ warning no-effect: no traffic enters at checkout'],
  ['id: heap, kind: memory-leak, at: 3m, service: checkout', 'id: heap, kind: memory-leak, at: 3m, service: catalog', 'catalog ⇒ no-effect: catalog has no memory, so memory-leak does nothing to it [add memory to the service]'],
  ['service: web, node: 5, share', 'service: web, share', 'web ⇒ no-effect: web has no cpus, so cpu-steal does nothing to it [add cpus to the service]'],
  ['id: logs, kind: disk-fill, at: 3m, service: checkout', 'id: logs, kind: disk-fill, at: 3m, service: web', 'web ⇒ no-effect: web has no disk, so disk-fill does nothing to it [add disk to the service]'],
  ['table: orders, statement', 'table: order, statement', 'order ⇒ reference: no endpoint of orders-db works on table "order" [did you mean "orders"? known tables: orders]'],
  ['cache: products }', 'cache: catalog }', 'catalog ⇒ reference: no cache of web "catalog" [known caches of web: products, local]'],
  ['answer: nxdomain', 'answer: nxdomian', 'nxdomian ⇒ bad-value: unknown answer "nxdomian" [did you mean "nxdomain"? allowed: nxdomain, servfail, timeout]'],
  ['loss: 30%, delay: 200ms', '', '{ id: cabl ⇒ missing-key: missing key "loss" or "delay": what happens to the packets?'],
  ['rate: 50MiB/s', 'rate: 50MiB', '50MiB ⇒ bad-value: "50MiB" is no rate of bytes; write 2MiB/s'],
  ['id: burst, kind: write-burst, at: 3m, service: orders-db', 'id: burst, kind: write-burst, at: 3m, service: web', 'web ⇒ no-effect: web has no replica, so there is nothing to apply [give a database replica_of: web]'],
  ['partition: 5', 'partition: 6', '6 ⇒ reference: no partition 6 of orders [it has 0 to 5]'],
  ['service: events, topic: orders, partition: 5', 'service: web, topic: GET /', 'web ⇒ bad-value: web is a service, not a queue'],
  ['max: 2147483647', 'max: 11999', '12000 ⇒ bad-value: left (12000) is more than max (11999)'],
  ['offset: -40s, drift: 20ms', '', '{ id: cloc ⇒ missing-key: missing key "offset" or "drift": how far off?'],
  ['offset: -40s', 'offset: 40', '40 ⇒ wrong-type: "40" needs a unit: write 40ms, 40s or 40m'],
  ['stream: logs', 'stream: log', 'log ⇒ bad-value: unknown stream "log" [did you mean "logs"? allowed: logs, metrics, spans]'],
  ['id: worse, kind: latency', 'id: worst, kind: latency', '{ id: wors ⇒ missing-key: missing key "at" in faults[19]: when does it begin? [only a fault that an action begins does without]', 'worse ⇒ reference: no fault "worse" [did you mean "worst"? known faults: slow, wrong, dead, leak, crowd, heap, thief, migration, flush, tls, name, cable and 8 more]'],
  ['id: thief', 'id: leak', 'leak ⇒ duplicate: fault "leak" for the second time'],
  ['kind: memory-leak, at: 3m', 'kind: memory-leak', '{ id: heap ⇒ missing-key: missing key "at" in faults[5]: when does it begin? [only a fault that an action begins does without]'],
  ['until: 9m, service', 'until: 2m, service', '2m ⇒ bad-value: the fault ends (2m) before it begins (3m)'],
  ['kind: certificate-expiry', 'kind: certificate', 'certificate ⇒ bad-value: unknown kind "certificate" [allowed: latency, errors, crash, pool-leak, traffic-spike, memory-leak, cpu-steal, lock-queue, cache-flush, certificate-expiry, dns, network and 6 more]'],
];

// prettier-ignore
const actions: readonly Case[] = [
  ['forbid: [fail-over, ', 'forbid: [failover, ', 'failover ⇒ reference: unknown action "failover" [did you mean "fail-over"? known: rollback, flag-off, restart, scale, shed-load, disable-retries, raise-pool, raise-timeout, open-breaker, fail-over, drain, flush-cache and 8 more]'],
  ['"restart:orders-db"]', '"restart:order-db"]', '"restart:o ⇒ reference: no service "order-db" [did you mean "orders-db"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['"restart:orders-db"]', '"scale:web"]'],
  ['"restart:orders-db"]', 'fail-over]', 'fail-over ⇒ duplicate: "fail-over" for the second time'],
  ['delays: { rollback: 3m }', 'delays: { rolback: 3m }', 'rolback ⇒ unknown-key: unknown key "rolback" in delays [did you mean "rollback"? allowed: rollback, flag-off, restart, scale, shed-load, disable-retries, raise-pool, raise-timeout, open-breaker, fail-over, drain, flush-cache and 7 more]'],
  ['delays: { rollback: 3m }', 'delays: { rollback: 3 }', '3 ⇒ wrong-type: "3" needs a unit: write 3ms, 3s or 3m'],
  ['id: restore-record', 'id: rollback', 'rollback ⇒ duplicate: "rollback" is an action of every scenario [give it another id]'],
  ['ends: [name]', 'ends: [nam]', 'nam ⇒ reference: no fault "nam" [did you mean "name"? known faults: slow, wrong, dead, leak, crowd, heap, thief, migration, flush, tls, name, cable and 8 more]'],
  ['ends: [name], begins: [worse]', '', '{ id: wors ⇒ missing-key: missing key "at" in faults[19]: when does it begin? [only a fault that an action begins does without]', 'restore-record ⇒ warning no-effect: the action ends and begins nothing'],
  ['service: checkout, takes', 'service: chekout, takes', 'chekout ⇒ reference: no service "chekout" [did you mean "checkout"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
];

// prettier-ignore
const truth: readonly Case[] = [
  ['endpoint: POST /checkout, name: checkout success', 'endpoint: POST /orders, name: checkout success', 'POST ⇒ reference: no endpoint of web "POST /orders" [known endpoints of web: GET /, POST /checkout]'],
  ['fault: leak }', 'fault: leek }', 'leek ⇒ reference: no fault "leek" [did you mean "leak"? known faults: slow, wrong, dead, leak, crowd, heap, thief, migration, flush, tls, name, cable and 8 more]'],
  ['root_cause: { service: checkout, fault', 'root_cause: { service: web, fault', 'leak ⇒ warning bad-value: fault "leak" acts on checkout, not on web'],
  // A queue only holds a message: it is poison to those who read it.
  ['root_cause: { service: checkout, fault: leak }', 'root_cause: { service: mailer, fault: pill }'],
  ['category: saturation', 'category: none', 'root_cause ⇒ forbidden: a root cause of what is no incident [category none stands alone]'],
  ['also_accepted_services: [orders-db]', 'also_accepted_services: [order-db]', 'order-db ⇒ reference: no service "order-db" [did you mean "orders-db"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['from: checkout, to: web', 'from: web, to: web', 'web ⇒ cycle: the trouble stays where it is'],
  ['from: checkout, to: web', 'from: checkot, to: web', 'checkot ⇒ reference: no service "checkot" [did you mean "checkout"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['to: 29m, above: 0.9', 'to: 7m, above: 0.9', '7m ⇒ bad-value: the check ends before it begins: nothing to look at'],
  ['to: 29m, above: 0.9', 'to: 31m, above: 0.9', '31m ⇒ warning no-effect: the check goes on after the end of the run'],
  ['to: 29m, above: 0.9', 'to: 29m', 'metric ⇒ missing-key: what is expected of the metric? [one of: above, below, above_baseline, below_baseline, unchanged_within]'],
  ['to: 29m, above: 0.9', 'to: 29m, above: 0.9, below: 1', 'below ⇒ forbidden: below beside above: two checks [write a list of checks]'],
  ['at_least: 20', 'at_least: 20, at_most: 19', '19 ⇒ bad-value: at_most (19) is less than at_least (20)'],
  ['contains: panic, ', '', '{ service: ⇒ missing-key: missing key "contains" in log[1] [Text that the record has in it.]'],
  ['says: It came later., change: { service: web, kind: flag, from: 4m }', 'says: It came later.', 'It ⇒ missing-key: a sentence that nothing bears out [add what to look up: metric, log, span or change]'],
  ['span: { service: checkout', 'span: { service: chekout', 'chekout ⇒ reference: no service "chekout" [did you mean "checkout"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['rollback:checkout', 'rollback:chekout', '"rollback: ⇒ reference: no service "chekout" [did you mean "checkout"? known services: edge, web, checkout, recommendations, catalog, catalog-cache, orders-db, orders-copy, events, mailer]'],
  ['rollback:checkout', 'rolback:checkout', '"rolback:c ⇒ reference: unknown action "rolback" [did you mean "rollback"? known: rollback, flag-off, restart, scale, shed-load, disable-retries, raise-pool, raise-timeout, open-breaker, fail-over, drain, flush-cache and 8 more]'],
  ['raise-pool:checkout/orders-db=200', 'raise-pool:checkout/orders=200', '"raise-poo ⇒ reference: no pool of checkout "orders" [known pools: orders-db]'],
  ['raise-pool:checkout/orders-db=200', 'fail-over:a', '"fail-over ⇒ reference: fail-over:a is not allowed in this scenario'],
  ['at: 12m, says', 'at: 31m, says', '31m ⇒ bad-value: the action comes at 31m, after the end of the run [make the duration longer]'],
  ['trigger: a deploy', 'windows: [{ from: 1m, to: 2m }]', 'windows ⇒ forbidden: windows are for recordings: the engine measures those of a simulation [remove the key]'],
];

for (const [group, cases] of Object.entries({
  services,
  calls,
  traffic,
  changes,
  faults,
  actions,
  truth,
})) {
  describe(group, () => {
    test.each(cases.map((one) => ({ one, title: `${one[0].trim()} → ${one[1].trim()}` })))(
      '$title',
      ({ one }) => {
        const [, , ...said] = one;
        expect(problemsOf(one)).toEqual(said);
      },
    );
  });
}
