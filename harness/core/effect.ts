import type { z } from 'zod'
import type { EffectSpec } from './fault.ts'
import type { Stage } from './world.ts'

/**
 * A change that a scenario can make to the system: the default export of a file in
 * harness/effects/, which is named like the effect. An effect begins and ends with its fault, and
 * undoes itself.
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
  /** True if equal effects add up: `begin` and `end` are called for each. Default: false. */
  readonly cumulative?: boolean
  /** Describes the effect while it holds, as a clause: "ana's link is down". */
  caption(spec: Spec): string
  /** Returns the node whose process the effect kills, a device or 'server'. Default: none. */
  kills?(spec: Spec): string
  /** Checks names that the schema cannot check. Returns an error message, or undefined. */
  check?(spec: Spec, registries: Registries): string | undefined
  /** Applies the effect. Resolves when it holds. */
  begin(spec: Spec, context: EffectContext): void | Promise<void>
  /** Undoes the effect, except for changes that an effect in `context.others` also makes. */
  end(spec: Spec, context: EffectContext): void | Promise<void>
  /** Returns this effect as a fault lists it. */
  spec(parameters: Omit<Spec, 'effect'>): Spec
}

/** The stage that an effect acts on, and the other effects on it. */
export interface EffectContext {
  readonly stage: Stage
  /** Unique among the effects of a scenario, and the same in `begin` and `end`. */
  readonly id: string
  /** The other effects that hold now, each once, without effects equal to this one. */
  readonly others: readonly EffectSpec[]
}

/** Names that something is registered under: a Map by name or a Set of names. */
export type Names = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>

/** The part of a toxic (harness/link/toxic.ts) that the attributes in a scenario are checked by. */
export interface ToxicType {
  readonly attributes: Readonly<Record<string, { readonly least: number }>>
  check?(attributes: Readonly<Record<string, number>>): string | undefined
}

/**
 * The plug-ins that a scenario can name. The command line finds them by folder; for a page the
 * bundler collects them. Names of a registry that is left out are not checked.
 */
export interface Registries {
  readonly effects: ReadonlyMap<string, Effect>
  /** The toxics by type. */
  readonly toxics?: ReadonlyMap<string, ToxicType>
  /** The names of conflict policies. */
  readonly policies?: Names
  /** The ids of invariants. */
  readonly invariants?: Names
}

/** Completes an effect: derives its parameters' types from the schema, and adds `spec`. */
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
