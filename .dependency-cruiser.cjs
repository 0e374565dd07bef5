// The layer rule: arrows of import go one way. core ← link, gateway, workload, invariants ← faults ← worlds, toxiproxy ← run ← explore ← cli.
// clients and server-stub see core and server-stub/protocol; scenarios see core, faults, workload; reports see core. Siblings do not import each other.
const tests = '[.](test|contract)[.]tsx?$|/testing/'
const room = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${allowed.join(', ')}`,
  from: { path: `^${from}/`, pathNot: tests },
  to: {
    path: '^(harness|scenarios|clients|server-stub|reports)/',
    pathNot: [from, ...allowed].map((path) => `^${path}/`),
  },
})
const h = (...names) => names.map((name) => `harness/${name}`)

module.exports = {
  forbidden: [
    room('core-imports-nothing', 'harness/core', []),
    room('link-sees-core', 'harness/link', h('core')),
    room('gateway-sees-core', 'harness/gateway', h('core')),
    room('workload-sees-core', 'harness/workload', h('core')),
    room('invariants-see-core', 'harness/invariants', h('core')),
    room('effects-see-core', 'harness/effects', h('core')),
    room('faults-see-below', 'harness/faults', h('core', 'effects')),
    room('host-sees-core', 'harness/worlds/host', h('core')),
    room('sim-sees-below', 'harness/worlds/sim', h('core', 'link', 'effects', 'worlds/host')),
    room('wire-sees-below', 'harness/worlds/wire', h('core', 'link', 'effects', 'worlds/host')),
    room('toxiproxy-sees-below', 'harness/toxiproxy', h('core', 'link')),
    room(
      'run-sees-below',
      'harness/run',
      h('core', 'link', 'gateway', 'workload', 'invariants', 'faults', 'worlds', 'toxiproxy'),
    ),
    room('workmanager-sees-core', 'clients/workmanager', ['harness/core', 'server-stub/protocol']),
    room('reference-sees-core', 'clients/reference', [
      'harness/core',
      'server-stub/protocol',
      'clients/workmanager',
    ]),
    room('interview-sees-core', 'clients/interview', [
      'harness/core',
      'server-stub/protocol',
      'clients/workmanager',
    ]),
    room('flawed-sees-core', 'clients/flawed', [
      'harness/core',
      'server-stub/protocol',
      'clients/workmanager',
      'clients/reference',
    ]),
    room('server-sees-core', 'server-stub', ['harness/core']),
    room('scenarios-see-words', 'scenarios', h('core', 'faults', 'workload')),
    room('reports-see-core', 'reports', h('core')),
    {
      ...room('testing-sees-words', 'harness/testing', h('core', 'link', 'workload')),
      from: { path: '^harness/testing/', pathNot: '[.]test[.]ts$' },
    },
    {
      name: 'runs-in-a-browser',
      severity: 'error',
      comment:
        'Only worlds/wire, toxiproxy, explore, cli, adapters and the writing of reports import Node modules.',
      from: {
        path: '^(harness/(core|link|gateway|faults|workload|invariants|worlds/(host|sim)|run)|clients|server-stub|scenarios)/',
        pathNot: [tests, '^server-stub/adapters/'],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(reports/out|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
}
