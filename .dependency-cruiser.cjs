// The layer rule: imports go one way.
// core ← codec, link, workload, invariants ← gateway, effects ← faults ← guest ← worlds, toxiproxy
// ← run ← campaign ← cli.
// In worlds, host lies below sim and wire. clients and server-stub import core and
// server-stub/protocol; scenarios import core, faults, workload; reports import core; the test kit
// imports what lies below worlds, except invariants.
// Siblings do not import each other. Tests may import anything, harness/testing included.
const tests = '[.](test|contract)[.]tsx?$|/testing/'
const room = (name, from, allowed, exempt = tests) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: `^${from}/`, pathNot: exempt },
  to: {
    path: '^(harness|scenarios|clients|server-stub|reports)/',
    pathNot: [from, ...allowed].map((path) => `^${path}/`),
  },
})
const h = (...names) => names.map((name) => `harness/${name}`)
const belowWorlds = h('core', 'codec', 'link', 'gateway', 'effects', 'worlds/host')

module.exports = {
  forbidden: [
    room('core-imports-nothing', 'harness/core', []),
    room('codec-sees-core', 'harness/codec', h('core')),
    room('link-sees-core', 'harness/link', h('core')),
    room('workload-sees-core', 'harness/workload', h('core')),
    room('invariants-see-core', 'harness/invariants', h('core')),
    room('gateway-sees-codec', 'harness/gateway', h('core', 'codec')),
    room('effects-see-core', 'harness/effects', h('core')),
    room('faults-see-below', 'harness/faults', h('core', 'effects')),
    room('guest-sees-codec', 'harness/guest', h('core', 'codec')),
    room('host-sees-codec', 'harness/worlds/host', h('core', 'codec')),
    room('sim-sees-below', 'harness/worlds/sim', belowWorlds),
    room('wire-sees-below', 'harness/worlds/wire', [...belowWorlds, 'harness/guest']),
    room('toxiproxy-sees-below', 'harness/toxiproxy', h('core', 'link')),
    room(
      'run-sees-below',
      'harness/run',
      h('core', 'link', 'workload', 'invariants', 'effects', 'faults', 'worlds', 'toxiproxy'),
    ),
    room(
      'campaign-sees-below',
      'harness/campaign',
      h('core', 'link', 'workload', 'invariants', 'effects', 'faults', 'worlds', 'run'),
    ),
    // The test kit is published: its own tests may import more, the kit itself may not.
    room(
      'test-kit-sees-below',
      'harness/testing',
      h('core', 'codec', 'link', 'workload', 'effects', 'faults'),
      '[.](test|contract)[.]tsx?$',
    ),
    room('workmanager-sees-core', 'clients/workmanager', ['harness/core', 'server-stub/protocol']),
    room('reference-sees-core', 'clients/reference', [
      'harness/core',
      'server-stub/protocol',
      'clients/workmanager',
    ]),
    room('plain-sees-core', 'clients/plain', ['harness/core', 'server-stub/protocol']),
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
      'clients/plain',
    ]),
    room('guests-see-words', 'clients/guests', ['harness/guest']),
    room('server-sees-core', 'server-stub', ['harness/core']),
    room('scenarios-see-words', 'scenarios', h('core', 'faults', 'workload')),
    room('reports-see-core', 'reports', h('core')),
    {
      name: 'runs-in-a-browser',
      severity: 'error',
      comment:
        'Only worlds/wire, toxiproxy, cli, adapters and writing of reports import Node modules.',
      from: {
        path: [
          '^harness/(core|codec|link|workload|invariants|gateway|effects|faults|worlds/(host|sim)|run|campaign)/',
          '^harness/guest/(globals|host|net|realm|store)/',
          '^(clients|server-stub|scenarios)/',
        ],
        pathNot: [tests, '^server-stub/adapters/', '^clients/guests/'],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'test-kit-runs-in-a-browser',
      severity: 'error',
      comment: 'The test kit imports no Node module: users run it where their client runs.',
      from: { path: '^harness/testing/', pathNot: '[.]test[.]tsx?$' },
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
