/**
 * The arrows of the house: functions → shared → packages; cores import only shared's pure files; no function imports
 * another domain; nothing imports a handler; `local/` imports the product, never the other way round; `cli/` imports
 * shared, infra and the cores, and nobody but tests imports it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const pure =
  '^shared/(finding|errors|plan|units|policy|policy-quantities|config-types|act-(request|questions|record|record-changes)|action-budget|audit-keys|canonical-json|maintenance-window|metric-catalogue|metric-table|metric-vocabulary|msk-model|msk-refusal|unknown-streak|name-pattern|kafka/cluster-view)\\.ts$';
const product = '^(functions|shared)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'shared-knows-no-function', severity: 'error', from: { path: '^shared/' }, to: { path: '^functions/' } },
    {
      name: 'product-knows-no-scaffold',
      severity: 'error',
      from: { path: product },
      to: { path: '^(infra|cli|local|bench|test)/' },
    },
    {
      name: 'infra-knows-no-local',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^(cli|local|bench|test)/' },
    },
    {
      name: 'cli-knows-no-scaffold',
      severity: 'error',
      comment: 'A command of a release speaks to a real account; it must not need the local world.',
      from: { path: '^cli/' },
      to: { path: '^(local|bench|test)/' },
    },
    { name: 'local-knows-no-test', severity: 'error', from: { path: '^local/' }, to: { path: '^(cli|bench|test)/' } },
    { name: 'bench-knows-no-cli', severity: 'error', from: { path: '^bench/' }, to: { path: '^cli/' } },
    {
      name: 'no-other-domain',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'nobody-imports-handlers',
      severity: 'error',
      from: { path: '^(functions|shared|cli)/' },
      to: { path: '^functions/.*-handler\\.ts$' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'Only *-handler.ts and *-ports.ts may reach the outside world.',
      from: { path: '^functions/', pathNot: '-(handler|ports)\\.ts$' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'core-uses-only-pure-shared',
      severity: 'error',
      from: { path: '^functions/', pathNot: '-(handler|ports)\\.ts$' },
      to: { path: '^shared/', pathNot: pure },
    },
    { name: 'pure-stays-pure', severity: 'error', from: { path: pure }, to: { pathNot: pure } },
    {
      name: 'kafkajs-behind-one-file',
      severity: 'error',
      from: { path: product, pathNot: '^shared/kafka/transport\\.ts$' },
      to: { path: 'node_modules/kafkajs' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
