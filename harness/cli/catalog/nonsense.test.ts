import { expect, it } from 'vitest'
import { checkScenario } from '../../core/check-scenario.ts'
import { mark } from '../../core/mark.ts'
import { parseScenario } from '../../core/parse-scenario.ts'
import { Problem } from '../../core/problem.ts'
import { catalog } from './catalog.ts'

const registries = await catalog.registries()

type Fields = Record<string, unknown>

const action = (at: number, device: string, fields: Fields) => ({ at, device, action: fields })
const create = (opId: string, record: string, content: object) => ({
  type: 'create',
  opId,
  collection: 'messages',
  record,
  content: { conversation: 'main', ...content },
})
const message = (opId: string, record: string, at = 5000, device = 'ana') =>
  action(at, device, create(opId, record, { text: mark('x', { record, opId }) }))
const cancel = (opId: string, target: string, at = 6000, device = 'ana') =>
  action(at, device, { type: 'cancel', opId, target })
const fault = (at: number, until: number | undefined, effect: Fields, more: Fields = {}) => ({
  at,
  ...(until !== undefined && { until }),
  fault: { name: 'bad', caption: 'something is bad', nodes: ['ana'], effects: [effect], ...more },
})
const down = { effect: 'link-down', device: 'ana' }
const toxic = (type: string, attributes: Fields, more: Fields = {}) => ({
  effect: 'toxic',
  device: 'ana',
  toxic: { type, stream: 'upstream', attributes, ...more },
})
const crash = (point: string) => ({ effect: 'server-crash', point })

const base: Fields = {
  version: 2,
  name: 'nonsense',
  title: 'Nonsense',
  story: 'Ana writes.',
  devices: ['ana', 'ben'].map((name) => ({ name, user: name })),
  policy: 'last-write-wins',
  healAt: 60_000,
  settle: 60_000,
  exercised: {},
  steps: [message('ana-1', 'm1')],
}
const steps = (...list: unknown[]) => ({ ...base, steps: list })
const withEffect = (effect: Fields) => steps(fault(1000, 9000, effect), message('ana-1', 'm1'))

function load(data: unknown): unknown {
  return checkScenario(parseScenario(data, 'it'), registries, 'it')
}

function problem(data: unknown): string {
  try {
    load(data)
  } catch (error) {
    expect(error).toBeInstanceOf(Problem)
    return (error as Problem).message.replace('it is not a scenario at ', '')
  }
  return 'accepted'
}

it.each<[string, unknown, string]>([
  [
    'two operations of one name',
    steps(message('ana-1', 'm1'), message('ana-1', 'm2', 6000)),
    "steps.1.action.opId: steps.0 is called 'ana-1' already",
  ],
  [
    'an operation name on two devices',
    steps(message('x-1', 'm1'), message('x-1', 'm2', 6000, 'ben')),
    "steps.1.action.opId: steps.0 is called 'x-1' already",
  ],
  [
    'an operation named like that of the probe',
    steps(message('ana-probe', 'm1')),
    "steps.0.action.opId: 'ana-probe' is the name of the probe's own operation",
  ],
  [
    'two devices of one name',
    { ...base, devices: ['ana', 'ana'].map((name) => ({ name, user: name })) },
    "devices.1.name: two devices are called 'ana'",
  ],
  ...['server', 'harness'].map((name): [string, unknown, string] => [
    `a device called ${name}`,
    { ...base, devices: [{ name, user: 'ana' }], steps: [message('x-1', 'm1', 5000, name)] },
    `devices.0.name: '${name}' is a node of its own: give the device another name`,
  ]),
  [
    'an action of nobody',
    steps(message('carl-1', 'm1', 5000, 'carl')),
    "steps.0.device: expected one of ana, ben; got 'carl'",
  ],
  [
    'a fault of nobody',
    steps(fault(1000, 5000, down, { nodes: ['nobody'] })),
    "steps.0.fault.nodes.0: expected one of ana, ben, server; got 'nobody'",
  ],
  [
    "an effect on nobody's device",
    steps(fault(1000, 5000, { ...down, device: 'carl' })),
    "steps.0.fault.effects.0.device: expected one of ana, ben; got 'carl'",
  ],
  [
    'an action after healing',
    { ...base, healAt: 3000 },
    'steps.0.at: expected an instant until everything is healed (healAt), at 3 s; got 5 s',
  ],
  [
    'a fault that begins after healing',
    { ...base, healAt: 3000, steps: [fault(4000, undefined, down)] },
    'steps.0.at: expected an instant until everything is healed (healAt), at 3 s; got 4 s',
  ],
  [
    'a fault that ends after healing',
    { ...base, healAt: 3000, steps: [fault(2000, 8000, down)] },
    'steps.0.until: expected an instant until everything is healed (healAt), at 3 s; got 8 s',
  ],
  [
    'until before at',
    steps(message('ana-1', 'm1'), fault(9000, 2000, down)),
    "steps.1.until: 'bad' begins at 9 s: expected a later end, got 2000 ms",
  ],
  [
    'until equal to at',
    steps(fault(9000, 9000, toxic('latency', { latency: 10 }))),
    "steps.0.until: 'bad' begins at 9 s: expected a later end, got 9000 ms",
  ],
  [
    'an unknown effect',
    withEffect({ effect: 'link-dwn', device: 'ana' }),
    'steps.0.fault.effects.0.effect: expected one of acks-lost, ',
  ],
  [
    'an unknown toxic',
    withEffect(toxic('nope', {})),
    'steps.0.fault.effects.0: toxic.type: expected one of bandwidth, ',
  ],
  [
    'a misspelt attribute of a toxic',
    withEffect(toxic('latency', { latencyy: 5000 })),
    'steps.0.fault.effects.0: toxic.attributes.latencyy: ' +
      'there is no such attribute; there are latency, jitter',
  ],
  [
    'a negative latency',
    withEffect(toxic('latency', { latency: -5000 })),
    'steps.0.fault.effects.0: toxic.attributes.latency: expected at least 0; got -5000',
  ],
  [
    'attributes that contradict each other',
    withEffect(toxic('slicer', { average_size: 1, size_variation: 5 })),
    'steps.0.fault.effects.0: toxic.attributes: size_variation must not exceed average_size',
  ],
  [
    'a toxicity above 1',
    withEffect(toxic('latency', {}, { toxicity: 1.5 })),
    'steps.0.fault.effects.0.toxic.toxicity: ',
  ],
  [
    'an unknown direction',
    withEffect(toxic('latency', {}, { stream: 'sideways' })),
    'steps.0.fault.effects.0.toxic.stream: ',
  ],
  [
    'an unknown parameter of an effect',
    withEffect({ ...down, devize: 'ben' }),
    'steps.0.fault.effects.0.devize: there is no such parameter; there are effect, device',
  ],
  [
    'an unknown parameter inside an effect',
    withEffect(toxic('latency', {}, { toxicty: 0.1 })),
    'steps.0.fault.effects.0.toxic.toxicty: there is no such parameter; there are type, stream',
  ],
  ['an unknown crash point', withEffect(crash('later')), 'steps.0.fault.effects.0.point: '],
  ['an unknown member of a fault', steps(fault(1, 2, down, { caption2: 'x' })), 'steps.0.fault: '],
  ['an unknown policy', { ...base, policy: 'nope' }, 'policy: expected one of last-write-wins, '],
  [
    'an unknown invariant',
    { ...base, invariants: ['NO-LOSS', 'NO-SUCH'] },
    'invariants.1: expected one of ACK-REVISION, ',
  ],
  ['an unknown count', { ...base, exercised: { commits: 1 } }, 'exercised: '],
  [
    'a text with the marker of another operation',
    steps(action(5000, 'ana', create('ana-1', 'm1', { text: 'x ⟦m9 ben-7⟧' }))),
    'steps.0.action.content: expected the marker ⟦m1 ana-1⟧ or none; got ⟦m9 ben-7⟧',
  ],
  [
    'another marker in the middle of a text',
    steps(action(5000, 'ana', create('ana-1', 'm1', { deep: ['a ⟦m1 ana-2⟧ b ⟦m1 ana-1⟧'] }))),
    'steps.0.action.content: expected the marker ⟦m1 ana-1⟧ or none; got ⟦m1 ana-2⟧',
  ],
  [
    'its own marker with another record',
    steps(action(5000, 'ana', create('ana-1', 'm1', { text: 'x ⟦m2 ana-1⟧' }))),
    'steps.0.action.content: expected the marker ⟦m1 ana-1⟧ or none; got ⟦m2 ana-1⟧',
  ],
  [
    'a cancel of nothing',
    steps(message('ana-1', 'm1'), cancel('ana-2', 'zzz')),
    "steps.1.action.target: there is no operation 'zzz' to cancel",
  ],
  [
    "a cancel of another device's operation",
    steps(message('ana-1', 'm1'), cancel('ben-1', 'ana-1', 6000, 'ben')),
    "steps.1.action.target: 'ana-1' is an operation of ana: ben cannot cancel it",
  ],
  [
    'a cancel of a cancel',
    steps(message('ana-1', 'm1'), cancel('ana-2', 'ana-1'), cancel('ana-3', 'ana-2')),
    "steps.2.action.target: 'ana-2' is a cancel, which cannot be cancelled",
  ],
  [
    'a cancel of what comes later',
    steps(cancel('ana-2', 'ana-1', 4000), message('ana-1', 'm1')),
    "steps.0.action.target: 'ana-1' comes later, at 5 s",
  ],
])('refuses %s, in one line that names the step', (_, data, expected) => {
  const message = problem(data)
  expect(message.slice(0, expected.length)).toBe(expected)
  expect(message).not.toContain('\n')
})

it.each<[string, unknown]>([
  ['what is right', base],
  ['a text without a marker', steps(action(5000, 'ana', create('ana-1', 'm1', { text: 'x' })))],
  ['a lone surrogate', steps(action(5, 'ana', create('ana-1', 'm1', { text: '\ud800' })))],
  ['a record named __proto__', steps(message('ana-1', '__proto__'))],
  ['a message without a conversation', steps(action(5, 'ana', { ...create('a', 'b', {}) }))],
  ['a cancel at the same instant', steps(message('ana-1', 'm1'), cancel('ana-2', 'ana-1', 5000))],
  ['a fault until healing', steps(fault(1000, undefined, toxic('bandwidth', { rate: 0 })))],
  ['an action at the instant of healing', { ...base, healAt: 5000 }],
  [
    'overlapping crash windows',
    steps(
      fault(1000, 20_000, crash('before-commit')),
      fault(2000, 40_000, crash('after-commit')),
      message('ana-1', 'm1', 25_000),
    ),
  ],
  // Loaded, and unknown when it is judged: nobody did anything.
  ['a scenario without a step', steps()],
])('accepts %s', (_, data) => {
  expect(problem(data)).toBe('accepted')
})
