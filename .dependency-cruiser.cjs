/**
 * The arrows of the house: functions → shared → packages; a core imports only cores; no procedure imports another; nothing
 * imports a handler; `local/` imports the product, never the other way round; `cli/` imports shared, infra and the cores,
 * and nobody but tests imports it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const product = '^(functions|shared)/';
const entries = '^functions/[^/]+/[^/]+/(handler|intake|run)\\.ts$';
const cores = '^functions/[^/]+/[^/]+/core/|^shared/core/|^shared/[^/]+/core/';
const deployments = '^functions/[^/]+/[^/]+/(deployment\\.ts|alarms\\.ts|alarms/)';

/** The rooms of shared/, lowest first: a room imports its own files and those of lower rooms. Rooms of one row keep apart. */
const rooms = [
  ['core', 'text'],
  ['run', 'events', 'configuration', 'kafka', 'deployment'],
  ['aws'],
  ['telling', 'lambda'],
  ['durable'],
  ['acting'],
];
/** What a room may use all the same: text escapes what cores name, roles open the keys that the door of acts makes. */
const besides = { text: ['core'], deployment: ['acting/core'] };
const roomRules = rooms.flatMap((row, index) =>
  row.map((room) => ({
    name: `room-${room}`,
    severity: 'error',
    from: { path: `^shared/${room}/` },
    to: {
      path: '^shared/',
      pathNot: `^shared/(${[room, ...(besides[room] ?? []), ...rooms.slice(0, index).flat()].join('|')})/`,
    },
  })),
);

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
      name: 'no-other-procedure',
      severity: 'error',
      comment: 'Flows know their own procedure alone; cores may be shared within a domain.',
      from: { path: '^functions/([^/]+)/([^/]+)/' },
      to: { path: '^functions/$1/', pathNot: '^functions/$1/($2/|[^/]+/core/)' },
    },
    {
      name: 'nobody-imports-handlers',
      severity: 'error',
      from: { path: '^(functions|shared|infra|cli|local|bench)/' },
      to: { path: entries },
    },
    {
      name: 'deployments-are-for-the-registry',
      severity: 'error',
      comment: 'Only the registry and tests read what AWS must know of a procedure.',
      from: { path: '.', pathNot: `^(infra/|test/)|${deployments}` },
      to: { path: deployments },
    },
    {
      name: 'deployment-words-stay-out-of-bundles',
      severity: 'error',
      from: { path: product, pathNot: `^shared/deployment/|${deployments}` },
      to: { path: '^shared/deployment/' },
    },
    {
      name: 'core-uses-only-cores',
      severity: 'error',
      comment: 'No package of any kind and nothing of Node: plain data in, a decision out.',
      from: { path: cores },
      to: { pathNot: cores },
    },
    {
      name: 'product-is-made-of-what-it-depends-on',
      severity: 'error',
      comment: 'What only tests and tools need, or nobody wrote down, is in no bundle. Its types are none of that.',
      from: { path: product },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    ...roomRules,
    {
      name: 'aws-behind-few-doors',
      severity: 'error',
      from: {
        path: product,
        pathNot: '^shared/(aws|telling|acting|durable)/|^functions/[^/]+/[^/]+/(intake-)?ports(-on-aws)?\\.ts$',
      },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'kafkajs-behind-one-file',
      severity: 'error',
      from: { path: product, pathNot: '^shared/kafka/wire/transport\\.ts$' },
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
