import { type Names, type Registries, unknownNameText } from './effect.ts'
import type { EffectSpec } from './fault.ts'
import { requireSound } from './parse-scenario.ts'
import { Problem } from './problem.ts'
import { isFault, type Scenario } from './scenario.ts'

/**
 * Checks every name of a plug-in in a scenario, and the parameters of its effects. Returns the
 * scenario with the defaults of its effects filled in. Call it wherever a scenario is loaded: from
 * a file or a folder after parseScenario, or from a history.
 *
 * @param source the origin of the scenario, for the message: a file's path
 * @throws Problem that names the first unknown name or wrong parameter
 *
 * @example
 * ```ts
 * const registries: Registries = { effects: new Map([['link-down', linkDown]]) }
 * const parsed = parseScenario(JSON.parse('{}'), 'mine.json')
 * const scenario = checkScenario(parsed, registries, 'mine.json')
 * ```
 */
export function checkScenario(
  scenario: Scenario,
  registries: Registries,
  source: string,
): Scenario {
  const problem = (path: string, message: string) =>
    new Problem(`${source} is not a scenario at ${path}: ${message}`)

  const checkName = (path: string, name: string, known: Names | undefined) => {
    if (known && !known.has(name)) throw problem(path, unknownNameText(name, known))
  }
  requireSound(scenario, source)
  checkName('policy', scenario.policy, registries.policies)
  for (const [index, id] of (scenario.invariants ?? []).entries())
    checkName(`invariants.${index}`, id, registries.invariants)

  const checkEffect = (spec: EffectSpec, path: string): EffectSpec => {
    const effect = registries.effects.get(spec.effect)
    if (!effect) throw problem(`${path}.effect`, unknownNameText(spec.effect, registries.effects))
    const parsed = effect.schema.safeParse(spec)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw problem([path, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'unreadable')
    }
    const unknown = unknownKey(spec, parsed.data)
    if (unknown) throw problem([path, ...unknown.path].join('.'), unknown.message)
    const wrong = effect.check?.(parsed.data, registries)
    if (wrong !== undefined) throw problem(path, wrong)
    return parsed.data
  }
  const steps = scenario.steps.map((step, index) => {
    if (!isFault(step)) return step
    const effects = step.fault.effects.map((spec, i) =>
      checkEffect(spec, `steps.${index}.fault.effects.${i}`),
    )
    return { ...step, fault: { ...step.fault, effects } }
  })
  return { ...scenario, steps }
}

/** Returns the first member of `given` that a schema has dropped, since it does not know it. */
function unknownKey(
  given: unknown,
  parsed: unknown,
): { readonly path: string[]; readonly message: string } | undefined {
  if (!isObject(given) || !isObject(parsed)) return undefined
  for (const [key, member] of Object.entries(given)) {
    if (!(key in parsed)) {
      const known = Object.keys(parsed).join(', ')
      return { path: [key], message: `there is no such parameter; there are ${known}` }
    }
    const deeper = unknownKey(member, parsed[key])
    if (deeper) return { ...deeper, path: [key, ...deeper.path] }
  }
  return undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
