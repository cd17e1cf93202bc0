/** Every bound of the engine, with its unit and its reason. Nothing that outsiders feed us is unbounded. */
export const limits = {
  /** Bytes. YAML parses at about 0.4 MB a CPU-second; a scenario is a plan, bulk data lives in sources. */
  scenarioBytesMax: 256 * 1024,
  /** Nesting depth of a scenario file. The parser's stack gives out near 800. */
  scenarioDepthMax: 64,
  /** Aliases expanded in one scenario file. */
  scenarioAliasesMax: 50,
  /** Nodes of a parsed scenario file. */
  scenarioNodesMax: 50_000,
  /** Problems reported at once; more drown the reader. */
  problemsMax: 20,
  servicesMax: 500,
  /** Records one run may hold. */
  recordsMax: 50_000_000,
  /** Records of one batch between threads: enough to pay for the hop, few enough for a smooth live view. */
  batchRecordsMax: 4096,
  /** Bytes of text of one batch. */
  batchTextBytesMax: 2 * 1024 * 1024,
  /** Batches in flight between source and writer; bounds memory whatever the length of the run. */
  batchSlots: 8,
  /** Bytes of one line of a recording; a longer one is truncated to `bodyCharsMax` and counted. */
  lineBytesMax: 1024 * 1024,
  /** UTF-16 units of one stored log body. */
  bodyCharsMax: 64 * 1024,
  /** UTF-16 units of one record's stored attributes. */
  attributesCharsMax: 32 * 1024,
  /** Attributes of one record. */
  attributesMax: 64,
  /** Milliseconds that one batch may keep a detector before it counts as hung. */
  detectorBatchMsMax: 2_000,
  /** Findings one detector may report in a minute of scenario time; more is a flood. */
  findingsPerMinuteMax: 1_000,
  /** Bytes of state one detector key may hold, as JSON. */
  detectorStateBytesMax: 1024 * 1024,
  /** Engine events between two keyframes: bounds what a seek folds. */
  keyframeEveryEvents: 200,
  /** Rows a query may return. */
  queryRowsMax: 5_000,
  /** HTTP request body, bytes. */
  httpBodyBytesMax: 64 * 1024,
  /** HTTP request line and headers, bytes. */
  httpHeaderBytesMax: 16 * 1024,
  /** Milliseconds a client may take to send its headers, and then its whole request. */
  httpRequestMsMax: 10_000,
  /** Milliseconds without a byte either way before an HTTP connection is closed. */
  httpIdleMsMax: 60_000,
  /** Connections to each of the two loopback addresses; sockets of `/live` count too. */
  httpConnectionsMax: 256,
  /** Milliseconds a single-use login code is good for. */
  loginCodeMsMax: 30_000,
  /** Login codes that wait for their use; the oldest goes first. */
  loginCodesMax: 16,
  /** Run files the server keeps open for questions. */
  openRunsMax: 8,
  /** WebSocket message in, bytes. */
  socketMessageBytesMax: 64 * 1024,
  /** WebSocket bytes queued to one client before it is closed. */
  socketQueueBytesMax: 4 * 1024 * 1024,
  socketClientsMax: 64,
  /** WebSocket messages in, per client and second: people steer, scripts flood. */
  socketMessagesPerSecondMax: 50,
  /** Milliseconds a WebSocket client may take to answer a ping. */
  socketPingMsMax: 15_000,
  /** Status messages out, per run and second; what lies between them is coalesced. */
  liveUpdatesPerSecondMax: 20,
} as const;
