import { describe, expect, it } from 'vitest'
import reference from '../clients/reference/index.ts'
import { findingsOf } from '../harness/core/result.ts'
import type { Scenario } from '../harness/core/scenario.ts'
import { allEffects } from '../harness/effects/testing/effects.ts'
import { killed } from '../harness/faults/killed.ts'
import { serverDown } from '../harness/faults/server-down.ts'
import { allInvariants } from '../harness/invariants/testing/all.ts'
import { allToxics } from '../harness/link/testing/toxics.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'
import dedup from '../server-stub/variants/dedup.ts'
import flaky from './flaky.ts'
import lostAck from './lost-ack.ts'
import lostAckOverwritten from './lost-ack-overwritten.ts'
import partitionNote from './partition-note-last-write-wins.ts'
import tunnel from './tunnel.ts'

const world = simWorld({ toxics: await allToxics() })
const invariants = await allInvariants()
const effects = await allEffects()
const victims = ['ana', 'ben', 'server']

/** Returns the scenario with one more fault: a node is killed at this instant, for 3 seconds. */
function withKill(scenario: Scenario, victim: string, at: number): Scenario {
  const fault = victim === 'server' ? serverDown() : killed(victim)
  return {
    ...scenario,
    steps: [...scenario.steps, { at, until: at + 3000, fault }],
    exercised: {},
    healAt: Math.max(scenario.healAt, at + 3000),
  }
}

describe.each(
  [tunnel, lostAck, lostAckOverwritten, partitionNote, flaky].map(
    (scenario) => [scenario.name, scenario] as const,
  ),
)('%s', (_, scenario) => {
  it.each(victims)('breaches no invariant whenever %s is killed', async (victim) => {
    const bad: string[] = []
    // The step is not round, so that kills fall between the round instants at which people act.
    for (let at = 701; at < scenario.healAt; at += 3407) {
      const { result } = await runScenario({
        world,
        scenario: withKill(scenario, victim, at),
        client: reference,
        server: dedup,
        seed: at,
        invariants,
        effects,
      })
      const findings = findingsOf(result).map(({ id, message }) => `${id}: ${message}`)
      const refused = /^the app refused every action(; no invariant had anything to judge)?$/
      // A dead app refuses actions: perhaps all of them.
      const good = result.verdict === 'pass' || refused.test(result.why ?? '')
      if (!good)
        bad.push([`at ${at}: ${result.verdict}`, result.why ?? '', ...findings].join(' | '))
    }
    expect(bad).toEqual([])
  })
})
