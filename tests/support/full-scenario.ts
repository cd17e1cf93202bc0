/** A scenario that uses every key of the format. Cases change a line of it. */
export const full = `apiVersion: workbench/v1
kind: simulated
name: everything
tags: [database, deploy]
difficulty: 2
duration: 30m
zones: [a, b, c]
nodes: 6
services:
  - name: edge
    kind: service
    runtime: envoy
    config: r117
    service_time: { p50: 1ms, p99: 3ms }
    endpoints:
      - name: GET /
        calls: [{ to: web, endpoint: GET / }]
  - name: web
    runtime: node
    flags: [one-click]
    instances: 3
    autoscale: { min: 2, max: 8, target: 60%, every: 30s, lag: 90s }
    startup:
      time: 20s
      warmup: 60s
      warmup_factor: 3
      retry: 4s
      jitter: 0%
      calls: [{ to: orders-db, endpoint: SELECT, timeout: 1s }]
    balancer:
      policy: least-requests
      panic: 50%
      health_check: { interval: 6s, timeout: 2s, unhealthy_after: 4, healthy_after: 5, deep: true }
    pools: [{ name: catalog, size: 40, timeout: 5s }]
    caches:
      - { name: products, store: catalog-cache, store_endpoint: GET, keys: 20000, skew: 0.9, ttl: 5m, jitter: 10%, warm: true, coalesce: true }
      - { name: local, keys: 10 }
    endpoints:
      - name: GET /
        service_time: { p50: 4ms, p99: 20ms }
        calls:
          - { to: catalog, pool: catalog, timeout: 2s, cache: products, retries: { max: 2, backoff: 50ms, jitter: 0%, budget: 20% } }
          - { to: recommendations, group: extras, optional: true, flag: new-recs, concurrency: 20, breaker: { failures: 40%, window: 8s, minimum: 9, open: 20s } }
          - { to: catalog, group: extras, times: 3, probability: 60%, cache: local, keep_alive: 5m }
      - name: POST /checkout
        service_time: { p50: 4ms, p99: 20ms }
        calls:
          - { to: checkout, endpoint: POST /orders, timeout: 10s }
  - name: checkout
    runtime: java
    version: 2.4.0
    instances: 4
    instances_max: 6
    workers: 200
    queue: 128
    cpus: 4
    memory: { limit: 2GiB, base: 600MiB, per_request: 2MiB, collected: false }
    disk: { size: 20GiB, used: 8GiB }
    pools: [{ name: orders-db, size: 40 }]
    endpoints:
      - name: POST /orders
        service_time: { p50: 8ms, p99: 60ms }
        token_leeway: 5s
        calls:
          - { to: orders-db, endpoint: INSERT, pool: orders-db }
          - { to: orders-copy, fresh: 500ms }
          - { to: events }
  - { name: recommendations, service_time: { p50: 5ms, p99: 9ms } }
  - { name: catalog, runtime: python, service_time: { p50: 2ms, p99: 8ms } }
  - { name: catalog-cache, kind: cache, runtime: redis, service_time: { p50: 300us, p99: 1ms }, endpoints: [{ name: GET }, { name: SET }] }
  - name: orders-db
    kind: database
    max_connections: 200
    service_time: { p50: 2ms, p99: 12ms }
    endpoints:
      - { name: INSERT, table: orders, writes: true, lock_timeout: 10s }
      - { name: SELECT, table: orders }
  - { name: orders-copy, kind: database, replica_of: orders-db, apply: 200us, service_time: { p50: 2ms, p99: 12ms } }
  - { name: events, kind: queue, runtime: kafka, service_time: { p50: 1ms, p99: 2ms }, endpoints: [{ name: orders, partitions: 6 }] }
  - name: mailer
    consumes: [{ queue: events, topic: orders, endpoint: handle order, max_attempts: 5, backoff: 2s }]
    endpoints: [{ name: handle order, service_time: { p50: 30ms, p99: 90ms } }, { name: run report, service_time: { p50: 30ms, p99: 90ms } }]
traffic:
  - { entry: edge, rate: 30/s, shape: weekly, patience: 10s, reload: { share: 30%, after: 3s, max: 2 }, surges: [{ at: 10m, until: 14m, factor: 6, ramp: 30s }] }
  - { entry: web, rate: 40/s, mix: { GET /: 75%, POST /checkout: 25% } }
  - { entry: web, endpoint: GET /, kind: probe, every: 10s, timeout: 5s }
  - { entry: mailer, endpoint: run report, kind: batch, every: 10m, burst: 200, spread: 30s }
changes:
  - { at: 3m, kind: deploy, service: checkout, version: 2.4.1, instances: 1, over: 2m, note: fewer queries }
  - { at: 4m, kind: config, service: edge, config: r118 }
  - { at: 5m, kind: flag, service: web, flag: new-recs }
  - { at: 6m, kind: flag, service: web, flag: one-click, on: false }
  - { at: 7m, kind: scaling, service: web, note: keeps 3 }
faults:
  - { id: slow, kind: latency, at: 3m, service: checkout, version: 2.4.1, factor: 2, add: 20ms, endpoint: POST /orders, instances: 2 }
  - { id: wrong, kind: errors, at: 3m, service: web, rate: 20%, message: cannot render, flag: new-recs }
  - { id: dead, kind: crash, at: 3m, service: web, zone: b, restart_after: 1m }
  - { id: leak, kind: pool-leak, at: 3m, until: 9m, service: checkout, pool: orders-db, rate: 1% }
  - { id: crowd, kind: traffic-spike, at: 3m, service: web, factor: 4 }
  - { id: heap, kind: memory-leak, at: 3m, service: checkout, per_request: 64KiB }
  - { id: thief, kind: cpu-steal, at: 3m, service: web, node: 5, share: 60%, pulse: { on: 2m, off: 3m } }
  - { id: migration, kind: lock-queue, at: 3m, service: orders-db, table: orders, statement: ALTER TABLE orders }
  - { id: flush, kind: cache-flush, at: 3m, service: web, cache: products }
  - { id: tls, kind: certificate-expiry, at: 3m, service: checkout }
  - { id: name, kind: dns, at: 3m, service: checkout, answer: nxdomain }
  - { id: cable, kind: network, at: 3m, service: checkout, loss: 30%, delay: 200ms }
  - { id: logs, kind: disk-fill, at: 3m, service: checkout, rate: 50MiB/s }
  - { id: burst, kind: write-burst, at: 3m, service: orders-db, work: 800ms }
  - { id: pill, kind: poison-message, at: 3m, service: events, topic: orders, partition: 5 }
  - { id: ids, kind: exhaustion, at: 3m, service: orders-db, endpoint: INSERT, counter: orders.id, max: 2147483647, left: 12000 }
  - { id: clock, kind: clock-skew, at: 3m, service: checkout, offset: -40s, drift: 20ms }
  - { id: dark, kind: telemetry-loss, at: 3m, service: checkout, stream: logs, share: 90% }
  - { id: generated, kind: errors, at: 4m, service: edge, config: r118, rate: 50% }
  - { id: worse, kind: latency, service: web, add: 1s }
actions:
  forbid: [fail-over, "restart:orders-db"]
  delays: { rollback: 3m }
  add: [{ id: restore-record, title: Restore the DNS record, service: checkout, takes: 2m, ends: [name], begins: [worse] }]
objectives:
  - { service: web, endpoint: POST /checkout, name: checkout success, target: 99.5%, window: 30m, latency: 2s }
telemetry: { metric_lag: 5s }
truth:
  root_cause: { service: checkout, fault: leak }
  category: saturation
  also_accepted: [deploy-regression]
  also_accepted_services: [orders-db]
  trigger: a deploy
  contributing: [no alert on the pool]
  latent: a pool without a watch
  propagation: [{ from: checkout, to: web }]
  clues:
    - says: The pool fills.
      metric: { service: checkout, name: db.client.connection.utilization, attributes: { pool: orders-db }, statistic: max, from: 8m, to: 29m, above: 0.9 }
      log: [{ service: checkout, contains: not available, at_least: 20 }, { service: web, contains: panic, at_most: 0 }]
      span: { service: checkout, contains: POST /orders }
      change: { service: checkout, kind: deploy, contains: 2.4.1 }
    - says: Others are quiet.
      metric: [{ service: catalog, name: latency, unchanged_within: 20% }, { service: web, name: latency, above_baseline: 3 }, { service: web, name: rate, below_baseline: 0.5 }, { service: web, name: rate, below: 7 }]
  red_herrings:
    - says: The flag.
      falsified_by: { says: It came later., change: { service: web, kind: flag, from: 4m } }
  helpful: [{ do: ["rollback:checkout"], at: 12m, says: it stops the leak }]
  harmful: [{ do: ["raise-pool:checkout/orders-db=200", "disable-retries"], at: 13m, says: the database has no room }]
`;
