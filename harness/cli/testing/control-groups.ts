import plain from '../../../clients/plain/index.ts'
import reference from '../../../clients/reference/index.ts'
import silent from '../../../server-stub/testing/silent.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { findingsOf } from '../../core/result.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { runScenario } from '../../run/run.ts'
import { late } from '../../testing/late.ts'
import { randomStory } from '../../testing/random-story.ts'
import { veiled } from '../../testing/veiled.ts'
import { simWorld } from '../../worlds/sim/index.ts'
import { catalog } from '../catalog/catalog.ts'

/** Correct clients, which no invariant may accuse. The number makes a variant of one. */
export const CONTROL_GROUPS: Readonly<Record<string, (number: number) => ClientDefinition>> = {
  reference: () => reference,
  veiled: (number) => veiled(reference, number),
  late: (number) => late(reference, number),
  plain: () => plain,
  'plain, veiled': (number) => veiled(plain, number),
  'plain, late': (number) => late(plain, number),
}

/** Correct servers, one that reports its writes and one that only shows what it holds. */
export const CONTROL_SERVERS: Readonly<Record<string, ServerDefinition>> = { dedup, silent }

/** The result of a run that did not pass. */
export interface Remark {
  readonly number: number
  readonly verdict: 'fail' | 'unknown'
  /** The findings, each after its invariant's id; or the reason for unknown. */
  readonly why: readonly string[]
}

/** Returns a function that plays one random story with a control group in the sim. */
export async function controlPlayer(
  server: ServerDefinition = dedup,
): Promise<(group: string, number: number) => Promise<Remark | undefined>> {
  const invariants = await catalog.invariants()
  const effects = await catalog.effects()
  const world = simWorld({ toxics: await catalog.toxics() })
  return async (group, number) => {
    const client = CONTROL_GROUPS[group]?.(number)
    if (!client) throw new Error(`expected one of ${Object.keys(CONTROL_GROUPS)}; got '${group}'`)
    const scenario = randomStory(number, client.capabilities)
    const { result } = await runScenario({
      world,
      scenario,
      client,
      server,
      seed: number,
      invariants,
      effects,
    })
    if (result.verdict === 'pass') return undefined
    const findings = findingsOf(result).map(({ id, message }) => `${id}: ${message}`)
    const why = findings.length > 0 ? findings : [result.why ?? '']
    return { number, verdict: result.verdict, why }
  }
}
