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
  /** UTF-16 units of one name, and of one free text, in a scenario file. */
  scenarioNameCharsMax: 128,
  scenarioTextCharsMax: 4_000,
  /** Entries of one list in a scenario file; shorter ones below. */
  scenarioItemsMax: 1_000,
  endpointsPerServiceMax: 100,
  callsPerEndpointMax: 50,
  poolsPerServiceMax: 20,
  cachesPerServiceMax: 20,
  consumersPerServiceMax: 50,
  instancesPerServiceMax: 1_000,
  /** Zones and hosts of a simulated system. */
  zonesMax: 12,
  nodesMax: 1_000,
  /** Times that one request makes one call: an N+1 query, not a loop without end. */
  callTimesMax: 100,
  /** Connections of one pool. */
  poolSizeMax: 1_000_000,
  /** Keys of one simulated cache: each is a number of its state. */
  cacheKeysMax: 1_000_000,
  /** Partitions of one topic. */
  partitionsMax: 1_000,
  /** Flash crowds of one kind of traffic. */
  surgesMax: 100,
  /** Bytes that a scenario may speak of, 1 PiB: exact as a number, and beyond any host. */
  scenarioBytesValueMax: 2 ** 50,
  /** Actions that one scenario adds; more fit no list that people choose from. */
  customActionsMax: 50,
  /** UTF-16 units of an action as text: a kind, two names and a value. */
  actionCharsMax: 320,
  /** Clues, false trails and claims of a ground truth, and the checks of one sentence of it. */
  truthItemsMax: 100,
  checksPerClueMax: 20,
  /** Files that one scenario extends, one after the other. */
  extendsLevelsMax: 3,
  /** µs, 366 days: times four, the order key of a record still fits a safe integer. */
  scenarioDurationUsMax: 366 * 86_400 * 1e6,
  /** Requests per second of one kind of traffic. */
  scenarioRateMax: 1_000_000,
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
  /** Rejected records of a recording that are shown with file and line; the rest is counted. */
  rejectionsShownMax: 20,
  /** Depth to which nested attributes of a record are flattened; deeper ones are kept as JSON text. */
  attributesDepthMax: 8,
  /** UTF-16 units of one attribute's value; a longer one is cut and the record counted as truncated. */
  attributeCharsMax: 8 * 1024,
  /** Series of one recording. */
  seriesMax: 20_000,
  /** Bytes unpacked for each packed one: logs reach 100, the worst that gzip can do is 1032. */
  unpackRatioMax: 500,
  /** Bytes that unpack whatever their ratio: a short file of the same line over and over is no attack. */
  unpackFreeBytes: 64 * 1024 * 1024,
  /** Files that one source of a recording may select. */
  sourceFilesMax: 2_000,
  /** µs, scenario time that one batch of a recording spans at most: keeps sparse recordings smooth to watch. */
  recordingBatchUsMax: 10_000_000,
  /** Records of one nanosecond among which duplicates are looked for; more never share one by chance. */
  duplicateWindowMax: 100_000,
  /** Attributes of one record. */
  attributesMax: 64,
  /** Rows that one transaction may hold: what a crash can cost. */
  rowsPerCommit: 32_000,
  /** Committed rows between two checkpoints of the write-ahead log. */
  rowsPerCheckpoint: 32_000,
  /** Megabytes of young heap of one thread: batches make garbage, and more would only hold it longer. */
  threadYoungHeapMbMax: 8,
  /** Milliseconds that one hook may take before its detector counts as hung. */
  detectorHookMsMax: 2_000,
  /** Milliseconds that one task may take in a person's detector, however much it gets on. */
  detectorTaskMsMax: 30_000,
  /** Milliseconds of work that one batch may cost a person's detector before it is told to be slow. */
  detectorBatchMsSoft: 250,
  /** Megabytes of memory, heap or not, that the process of a person's detector may hold. */
  detectorResidentMbMax: 256,
  /** Times that a person's detector may begin afresh in a run after its process ended; then it is out. */
  detectorRestartsMax: 3,
  /** Milliseconds before the first of them; each next one waits twice as long. */
  detectorRestartDelayMs: 100,
  /** Bytes of one message from a person's detector, and of all messages of one answer: it may tell a lot at once. */
  pluginMessageBytesMax: 1024 * 1024,
  pluginAnswerBytesMax: 64 * 1024 * 1024,
  /** Different reasons for which findings were rejected that one answer may tell; all are counted. */
  rejectionReasonsMax: 20,
  /** Bytes and files of the code of one detector that trust is asked for: more is no detector. */
  pluginCodeBytesMax: 16 * 1024 * 1024,
  pluginCodeFilesMax: 500,
  /** Detectors and folders that a person's list of trust holds; the oldest leave. */
  trustEntriesMax: 1_000,
  /** Bytes of that list that are read. */
  trustListBytesMax: 1024 * 1024,
  /** Lines that a person's detector may print in a run, and the UTF-16 units of one. */
  pluginLinesMax: 200,
  pluginLineCharsMax: 2_000,
  /** Threads that the detectors of one run may have; more than cores only cost memory. */
  workersMax: 64,
  /** Milliseconds in which a hook that hardly works may return: it sleeps, or a busy machine does not run it. */
  detectorIdleMsMax: 10_000,
  /** Milliseconds that a detector's module may take to load; a loaded machine compiles slowly. */
  detectorLoadMsMax: 20_000,
  /** Megabytes of JavaScript heap of one thread of a benchmark: a simulated world and its detectors' states. */
  benchmarkHeapMbMax: 1536,
  /** Entries asked for that share one play of a benchmark, and so its heap. */
  benchmarkEntriesPerPlayMax: 6,
  /** Megabytes of JavaScript heap of one detector thread or process. */
  detectorHeapMbMax: 128,
  /** UTF-16 units of one value of a finding; longer ones are cut. */
  findingValueCharsMax: 512,
  /** Values of one finding, and the UTF-16 units of the name of one. */
  findingValuesMax: 32,
  findingNameCharsMax: 64,
  /** Spans that wait for their parent to tell which edge they belong to. */
  spansWaitingMax: 20_000,
  /** Findings one detector may report in a minute of scenario time; more is a flood. */
  findingsPerMinuteMax: 1_000,
  /** Bytes of state one detector key may hold, as JSON. */
  detectorStateBytesMax: 1024 * 1024,
  /** Bytes of the labels of a benchmark folder: those of NAB have 12 KB. */
  benchmarkLabelsBytesMax: 4 * 1024 * 1024,
  /** Series of a benchmark folder, and labelled windows of one series: NAB has 58, and 5. */
  benchmarkFilesMax: 2_000,
  benchmarkWindowsMax: 1_000,
  /** Bytes of a board as JSON in a results file: 40 entries of 2,000 items have 4 MB. */
  benchmarkBoardBytesMax: 32 * 1024 * 1024,
  /** Bytes of a board as JSON that is compared with: 40 entries of 2,000 items have 4 MB. */
  baselineBytesMax: 32 * 1024 * 1024,
  /** Bytes of the Markdown that a step may show on GitHub, which refuses a summary of more than 1 MiB. */
  stepSummaryBytesMax: 1_000_000,
  /** Mistakes of one entry that a board keeps, the worst: nobody reads more, and a flood has millions. */
  benchmarkMistakesMax: 200,
  /** Results files that a listing opens. */
  benchmarkResultsFilesMax: 500,
  /** Entries, cells, seeds, columns and points of a curve in a results file: ours have some 40, 10,000, 20, 20 and 100. */
  benchmarkEntriesMax: 500,
  benchmarkCellsMax: 200_000,
  benchmarkSeedsMax: 10_000,
  benchmarkColumnsMax: 200,
  benchmarkCurvePointsMax: 2_000,
  /** Incidents that one cell opened which are shown: a flood opens thousands. */
  benchmarkOpenedMax: 500,
  /** Bytes of a name or title in a results file, and of one of its cells: two doubles a row. */
  benchmarkNameBytesMax: 16 * 1024,
  benchmarkCellBytesMax: 64 * 1024 * 1024,
  /** Rows of all series of a benchmark folder: 24 bytes each; NAB has 365,558. */
  benchmarkRowsMax: 10_000_000,
  /** Future events of a simulation, a power of two: 40 MB. Beyond it a scenario has no end in sight. */
  simulatedEventsMax: 2 ** 21,
  /** Requests in flight in a simulation, a power of two: some 230 MB. */
  simulatedRequestsMax: 2 ** 21,
  /** Users' requests of all simulations of one audit: some twenty minutes of one core. */
  auditArrivalsMax: 20_000_000,
  /** Cells of the profile of one audited run, series by time; twelve bytes each. */
  auditCellsMax: 4_000_000,
  /** Templates of one miner, those included that became part of others: fifty services have some hundreds. */
  templatesMax: 10_000,
  /** Templates that differ in words alone; each new shape of a line is held against all of them. */
  templatesPerBucketMax: 256,
  /** Tokens of one template; what comes after them is one variable. */
  templateTokensMax: 128,
  /** UTF-16 units of all templates of one miner. */
  templateCharsMax: 4 * 1024 * 1024,
  /** Shapes of lines that a miner knows by heart, and their UTF-16 units: more are forgotten, not lost. */
  templateShapesMax: 16_384,
  templateShapeCharsMax: 4 * 1024 * 1024,
  /** Steps of templates that a question reads; a miner at its bounds makes fewer in all but made-up logs. */
  templateStepsReadMax: 100_000,
  /** Templates of one answer, and µs of the window that they are counted in: a second at the very most. */
  templateRowsMax: 1_000,
  templateWindowUsMax: 3_600_000_000,
  /** Templates that logs are filtered by at once. */
  templateFilterMax: 20,
  /** Different error lines that an audit tells apart. */
  auditTemplatesMax: 5_000,
  /** µs of scenario time between two copies of a simulated world: an outcome is computed from the last one. */
  checkpointEveryUs: 60_000_000,
  /** Bytes of one such copy in a run file, and of all of them; beyond it only their hashes are kept. */
  checkpointBytesMax: 4 * 1024 * 1024,
  checkpointsBytesMax: 64 * 1024 * 1024,
  /** Bytes of an unpacked world; a table of requests at its limit is larger, and no world to fork from. */
  worldBytesMax: 512 * 1024 * 1024,
  /** Actions of one run: people take a few. */
  inputsMax: 200,
  /** Engine events between two keyframes: bounds what a seek folds. */
  keyframeEveryEvents: 200,
  /** Share of all engine events so far that may lie between two keyframes: 2 % of 200,000 fold in some 10 ms. */
  keyframeGrowth: 0.02,
  /** Bytes of a run file that is searched for damage when an answer fails: a fraction of a second. */
  checkedBytesMax: 64 * 1024 * 1024,
  /** Rows a query may return. */
  queryRowsMax: 5_000,
  /** Rows of one page of logs; more do not fit a screen's worth of scrolling. */
  logPageRowsMax: 1_000,
  /** Log rows one text search looks at: about 50 ms; the answer says where to go on. */
  searchRowsMax: 100_000,
  /** Buckets of a histogram, and points of one series: more than a screen has columns. */
  chartPointsMax: 1_200,
  /** Series of one question for samples. */
  chartSeriesMax: 64,
  /** UTF-16 units of a log body in a page of logs; the whole is one question away. */
  shownBodyCharsMax: 4_096,
  /** UTF-16 units of a search text: looking for it costs its length times the body's. */
  searchCharsMax: 256,
  /** UTF-16 units of a comma-separated list of a question. */
  queryTextCharsMax: 4_096,
  /** UTF-16 units of what a person writes to an incident. */
  noteCharsMax: 4_000,
  /** UTF-16 units of a person's name. */
  actorCharsMax: 100,
  /** Files of a folder of runs that a listing opens. */
  runFilesMax: 2_000,
  /** Incidents of a run that are aligned with those of another: each is held against each. */
  diffIncidentsMax: 200,
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
  /** Processes that answer questions: one may be slow while another answers everybody else. */
  answerersMax: 2,
  /** Run files that each of them keeps open. */
  openRunsMax: 4,
  /** Megabytes of JavaScript heap of one of them. */
  answererHeapMbMax: 256,
  /** Milliseconds that one of them may take to start; a loaded machine compiles slowly. */
  answererStartMsMax: 20_000,
  /** Milliseconds for one question. Those of the page take tens; a loaded machine stretches that. */
  questionMsMax: 2_000,
  /** Milliseconds to list all runs, or to write what a person did behind a busy writer. */
  libraryCallMsMax: 10_000,
  /** Calls that wait for an idle process, and the milliseconds that one may wait. */
  questionsWaitingMax: 256,
  questionWaitMsMax: 10_000,
  /** Bytes of one answer as JSON. */
  answerBytesMax: 8 * 1024 * 1024,
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
