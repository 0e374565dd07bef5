import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ClientDefinition } from '../harness/core/client.ts'
import type { Scenario } from '../harness/core/scenario.ts'
import type { ServerDefinition } from '../harness/core/server.ts'
import { allEffects } from '../harness/effects/testing/effects.ts'
import { allInvariants } from '../harness/invariants/testing/all.ts'
import { allToxics } from '../harness/link/testing/toxics.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'

/**
 * The control group. For each invariant: a client or server with the flaw that the invariant must
 * detect, and a scenario in which the flaw has an effect.
 */
const CONTROLS = [
  ['ACK-REVISION', 'interview/worker', 'variants/dedup', 'edit-in-flight'],
  ['ALL-SYNCED', 'flawed/false-claim', 'variants/dedup', 'lie-fi'],
  ['CANCEL', 'interview/worker', 'variants/dedup', 'taken-back'],
  ['CONFLICT-BASE', 'reference', 'flawed/base-blind', 'partition-note-last-write-wins'],
  ['CONFLICT-CLOCK', 'reference', 'flawed/unclamped', 'clock-ahead'],
  ['CONFLICT-POLICY', 'reference', 'flawed/other-policy', 'partition-note-server-wins'],
  ['CONFLICT-VISIBLE', 'flawed/forgets-conflicts', 'variants/dedup', 'edit-versus-delete'],
  ['CONFLICT-VISIBLE', 'flawed/quiet-loser', 'variants/dedup', 'partition-note-server-wins'],
  ['CONFLICT-VISIBLE', 'reference', 'flawed/no-conflict-records', 'clock-ahead'],
  ['CONVERGE', 'flawed/no-tombstones', 'variants/dedup', 'clean'],
  ['COUNTER', 'flawed/stale-badge', 'variants/dedup', 'first-message'],
  ['CURSOR', 'flawed/page-skip', 'variants/dedup', 'first-message'],
  ['DURABLE', 'flawed/forgetful', 'variants/dedup', 'tunnel-app-killed'],
  ['EPOCH', 'interview/worker', 'flawed/restored', 'server-restart'],
  ['EXACTLY-ONCE', 'interview/worker', 'variants/naive', 'lost-ack'],
  ['FIDELITY', 'flawed/cut-text', 'variants/dedup', 'first-message'],
  ['FIFO', 'flawed/reversed', 'variants/dedup', 'tunnel'],
  ['INJECTIVE', 'flawed/short-key', 'variants/dedup', 'tunnel'],
  ['KEY-STABLE', 'flawed/fresh-key', 'variants/dedup', 'lost-ack'],
  ['LIVENESS', 'flawed/untriggered', 'variants/dedup', 'tunnel-app-killed'],
  ['LIVENESS', 'interview/worker', 'variants/dedup', 'keep-race'],
  ['MONOTONE', 'flawed/stale-cache', 'variants/dedup', 'overwritten-control'],
  ['NO-CRASH', 'flawed/brittle', 'variants/dedup', 'partition-chat'],
  ['NO-FALSE-ACK', 'flawed/any-answer', 'variants/dedup', 'lie-fi'],
  ['NO-FREEZE', 'flawed/busy', 'variants/dedup', 'tunnel'],
  ['NO-LOSS', 'interview/naive', 'variants/dedup', 'tunnel'],
  ['NO-PHANTOM-DELETE', 'flawed/error-as-absence', 'variants/dedup', 'tunnel'],
  ['NO-PHANTOM-DELETE', 'flawed/ghost-writer', 'variants/dedup', 'first-message'],
  ['NO-RESURRECT', 'reference', 'flawed/undead', 'edit-versus-delete'],
  ['ONE-ROW', 'interview/worker', 'variants/naive', 'lost-ack'],
  ['ORDER-AGREE', 'flawed/local-order', 'variants/dedup', 'partition-chat'],
  ['PRINCIPAL', 'reference', 'flawed/mixed-sessions', 'partition-chat'],
  ['READ-YOUR-WRITES', 'interview/naive', 'variants/dedup', 'tunnel'],
  ['REJECTED-WITH-CAUSE', 'reference', 'flawed/unforgiving', 'written-again'],
  ['RETRY-BOUND', 'flawed/no-backoff', 'variants/dedup', 'tunnel'],
  ['SINGLE-FLIGHT', 'flawed/double-drain', 'variants/dedup', 'first-message'],
  ['SINGLE-FLIGHT', 'flawed/no-deadline', 'variants/dedup', 'lie-fi'],
  ['STATUS-TRUTH', 'flawed/defeatist', 'variants/dedup', 'lost-ack'],
  ['STATUS-TRUTH', 'flawed/optimist', 'variants/dedup', 'tunnel'],
] as const

const world = simWorld({ toxics: await allToxics() })
const invariants = await allInvariants()
const effects = await allEffects()
const defaultOf = async <Thing>(path: string): Promise<Thing> =>
  (await import(new URL(path, import.meta.url).href)).default

async function breached(client: string, server: string, scenario: string): Promise<string[]> {
  const { result } = await runScenario({
    world,
    scenario: await defaultOf<Scenario>(`${scenario}.ts`),
    client: await defaultOf<ClientDefinition>(`../clients/${client}/index.ts`),
    server: await defaultOf<ServerDefinition>(`../server-stub/${server}.ts`),
    seed: 1,
    invariants,
    effects,
  })
  return result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
}

describe('the control group', () => {
  it.each(CONTROLS)('%s fails for %s with %s in %s', async (id, client, server, scenario) => {
    expect(await breached(client, server, scenario)).toContain(id)
  })

  it('has a case for every invariant and every flawed client', () => {
    const ids = new Set(CONTROLS.map(([id]) => id))
    expect([...ids]).toEqual(invariants.map(({ id }) => id).sort())
    const flawed = readdirSync(new URL('../clients/flawed/', import.meta.url), {
      withFileTypes: true,
    }).flatMap((entry) => (entry.isDirectory() ? [`flawed/${entry.name}`] : []))
    expect(flawed.filter((name) => !CONTROLS.some(([, client]) => client === name))).toEqual([])
  })
})
