import { expect, it } from 'vitest'
import reference from '../../clients/reference/index.ts'
import dedup from '../../server-stub/variants/dedup.ts'
import { at, during, scenario } from '../core/build.ts'
import type { Fault } from '../core/fault.ts'
import { findingsOf } from '../core/result.ts'
import { allEffects } from '../effects/testing/effects.ts'
import { allInvariants } from '../invariants/testing/all.ts'
import { runScenario } from '../run/run.ts'
import { send } from '../workload/chat.ts'
import { simWorld } from '../worlds/sim/index.ts'
import { diedWhileSending } from './died-while-sending.ts'
import { serverCrash } from './server-crash.ts'

const world = simWorld({ toxics: new Map() })
const invariants = await allInvariants()
const effects = await allEffects()

async function playedWith(fault: Fault) {
  return runScenario({
    world,
    scenario: scenario({
      title: 'Death while sending',
      story: 'Somebody dies while a message is on its way.',
      devices: ['ana', 'ben'],
      steps: [during('10s', '40s', fault), at('20s', send('ana', 'Hello'))],
      exercised: { serverCommits: 1 },
    }),
    client: reference,
    server: dedup,
    seed: 1,
    invariants,
    effects,
  })
}

it.each([
  [diedWhileSending('ana', { point: 'received' }), 'ana', 'fault'],
  [diedWhileSending('ana'), 'ana', 'fault'],
  [serverCrash('received'), 'server', 'afterwards'],
  [serverCrash('responding'), 'server', 'fault'],
] as const)(
  '$name: a node dies once, and the write arrives once (%#)',
  async (fault, victim, committed) => {
    const { result, history } = await playedWith(fault)
    expect(findingsOf(result)).toEqual([])
    const deaths = history.of('crash').map(({ node, by }) => [node, by])
    expect(deaths).toEqual([[victim, 'scenario']])
    expect(history.of('start', victim)).toHaveLength(2)
    const [commit, ...more] = history.operation('ana-1')?.commits ?? []
    expect(more).toEqual([])
    const over = history.of('fault').find(({ on }) => !on)
    const isDuring = (commit?.seq ?? 0) < (over?.seq ?? 0)
    expect(isDuring || commit?.recovered === true).toBe(committed === 'fault')
  },
)
