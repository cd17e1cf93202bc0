/**
 * Which folder may import which, each rule with its reason. The table is in README.md ("Where things
 * live"); a rule that is in the way is a design question, not a lint question.
 */
const rule = (name, comment, from, to, extra = {}) => ({
  name,
  comment,
  severity: 'error',
  from,
  to,
  ...extra,
});

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle has no first file to read. Types may refer to each other.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    rule(
      'sdk-is-a-leaf',
      'The SDK is what strangers compile against: it must not drag the engine along.',
      { path: '^engine/sdk/' },
      { pathNot: '^engine/sdk/' },
    ),
    rule(
      'plugins-use-the-public-door',
      'Built-in detectors prove that the SDK is enough for everybody. Statistics that several of them need lie once in plugins/shared, which an author may copy.',
      { path: '^plugins/([^/]+)/' },
      {
        pathNot: [
          '^plugins/$1/',
          '^plugins/shared/index\\.ts$',
          '^engine/sdk/',
          '^incident-workbench/(sdk|testing)$',
        ],
      },
    ),
    rule(
      'shared-statistics-are-a-leaf',
      'What detectors share is arithmetic over plain state: it must know neither a detector nor the engine.',
      { path: '^plugins/shared/' },
      { pathNot: '^plugins/shared/' },
    ),
    rule(
      'engine-knows-no-front',
      'The engine runs without a terminal, a browser or a plugin list; plugins arrive as module URLs.',
      { path: '^engine/' },
      { path: '^(cli|web|plugins|scenarios)/' },
    ),
    rule(
      'query-reads-only',
      'Questions read the run file and fold; they must not reach the machinery that makes it.',
      { path: '^engine/query/' },
      {
        path: '^engine/(replay|detect|simulator|recording|scenario)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'page-is-static',
      'The page runs in a browser: types of the questions and the SDK are all it may know.',
      { path: '^web/(routes|lib|report)/' },
      { path: '^(cli|plugins|engine|web/server)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'server-asks-questions',
      'The server answers from questions and steers through run control, nothing deeper.',
      { path: '^web/server/' },
      {
        path: '^(cli|plugins|engine/(?!query/|benchmark/|replay/|sdk/|incident/|store/|errors\\.ts|limits\\.ts|path-kind\\.ts))',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'folders-have-one-door',
      'From outside, an engine folder is its index.ts; inside may change freely. Models are plain types.',
      { path: '^(cli|web/server|plugins)/' },
      {
        path: '^engine/[^/]+/',
        pathNot: ['/index\\.ts$', '/model\\.ts$', '/types\\.ts$', '^engine/replay/speed\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.svelte-kit|tests)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    detectProcessBuiltinModuleCalls: false,
  },
};
