import type { z } from 'zod'
import type { EffectSpec } from './fault.ts'
import type { Stage } from './world.ts'

/**
 * One kind of thing that a scenario can do to the system: the default export of a file in
 * harness/effects/, which is named like the effect. An effect holds from the begin of its fault to
 * the end, and undoes itself.
 *
 * Equal effects of overlapping faults act as one, which begins with the first fault and ends with
 * the last. A `cumulative` effect begins and ends with each of them.
 *
 * @example
 * ```ts
 * import { z } from 'zod'
 * export default defineEffect({
 *   name: 'link-down',
 *   schema: z.object({ effect: z.literal('link-down'), device: z.string() }),
 *   example: { effect: 'link-down', device: 'ana' },
 *   caption: ({ device }) => `${device}'s link is down`,
 *   begin: ({ device }, { stage }) => stage.link(device).enable(false),
 *   end: ({ device }, { stage }) => stage.link(device).enable(true),
 * })
 * ```
 */
export interface Effect<Spec extends EffectSpec = EffectSpec> {
  /** The value of `effect` in scenario files, and the name of the effect's file. */
  readonly name: Spec['effect']
  /** Accepts this effect in a scenario, and fills in its defaults. */
  readonly schema: z.ZodType<Spec>
  /** A valid use of the effect. The contract suite plays it. */
  readonly example: Spec
  /** Equal effects add up: `begin` and `end` are called for each. Default: false. */
  readonly cumulative?: boolean
  /** Describes what holds, as a clause: "ana's link is down". */
  caption(spec: Spec): string
  /** Returns the node whose process the effect kills, a device or 'server'. Default: none. */
  kills?(spec: Spec): string
  /** Returns what is wrong with names that the schema cannot check, or undefined. */
  check?(spec: Spec, registries: Registries): string | undefined
  /** Does the effect. Resolves when it holds. */
  begin(spec: Spec, context: EffectContext): void | Promise<void>
  /** Undoes the effect, except for what `context.others` still holds. */
  end(spec: Spec, context: EffectContext): void | Promise<void>
  /** Returns this effect as a fault lists it. */
  spec(parameters: Omit<Spec, 'effect'>): Spec
}

/** What an effect acts on. */
export interface EffectContext {
  readonly stage: Stage
  /** Unique among the effects of a scenario, and the same at begin and end. */
  readonly id: string
  /** The effects that hold now, without this one and each once. */
  readonly others: readonly EffectSpec[]
}

/** Names that something is registered under: a Map by name or a Set of names. */
export type Names = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>

/**
 * The plug-ins that a scenario can name. The command line finds them by folder; for a page the
 * bundler collects them. What is left out is not checked.
 */
export interface Registries {
  readonly effects: ReadonlyMap<string, Effect>
  /** The types of toxics. */
  readonly toxics?: Names
  /** The names of conflict policies. */
  readonly policies?: Names
  /** The ids of invariants. */
  readonly invariants?: Names
}

/** Types an effect by its schema, and adds `spec`. */
export function defineEffect<Spec extends EffectSpec>(
  effect: { readonly schema: z.ZodType<Spec> } & NoInfer<Omit<Effect<Spec>, 'schema' | 'spec'>>,
): Effect<Spec> {
  const spec = (parameters: Omit<Spec, 'effect'>) =>
    ({ effect: effect.name, ...parameters }) as Spec
  return { ...effect, spec }
}

/** Returns the message for a name that is not registered: "expected one of a, b; got 'c'". */
export function unknownNameText(name: string, known: Names): string {
  return `expected one of ${[...known.keys()].join(', ')}; got '${name}'`
}
