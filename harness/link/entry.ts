/**
 * A toxic of a proxy: the request for it, its stored entry, and the reading of its attributes.
 *
 * @module
 */
import { badBody } from './errors.ts'
import type { Toxic } from './toxic.ts'

export type Direction = 'upstream' | 'downstream'

/** A request for a toxic. */
export interface NewToxic {
  /** Default, also for an empty name: `<type>_<stream>`. */
  readonly name?: string | undefined
  readonly type: string
  /** 'upstream' or 'downstream', in any case. */
  readonly stream: string
  /** The share of connections that the toxic acts on, from 0 to 1. Default: 1. */
  readonly toxicity?: number | undefined
  /** Default for each: the toxic's own. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** A change of a toxic. Fields and attributes that are left out keep their values. */
export interface ToxicUpdate {
  readonly toxicity?: number | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** A toxic on a proxy. */
export interface ToxicEntry {
  readonly name: string
  readonly toxic: Toxic
  /** Spelled as in the request: the API returns it unchanged. */
  readonly stream: string
  readonly direction: Direction
  toxicity: number
  attributes: Readonly<Record<string, number>>
}

/**
 * Returns `base` with the given attributes replaced. Null and unknown names are ignored. Throws a
 * ToxicError (400) for a value that is not a whole number or that the toxic rejects.
 */
export function readAttributes(
  toxic: Toxic,
  given: Readonly<Record<string, unknown>>,
  base: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const attributes = { ...base }
  for (const [key, value] of Object.entries(given)) {
    const name = Object.keys(toxic.attributes).find((known) => known === key.toLowerCase())
    if (name === undefined || value === null || value === undefined) continue
    if (!Number.isInteger(value))
      throw badBody(`attributes.${name} must be a whole number, got ${JSON.stringify(value)}`)
    attributes[name] = value as number
  }
  const problem = toxic.check?.(attributes)
  if (problem !== undefined) throw badBody(`attributes: ${problem}`)
  return attributes
}

export function defaultAttributes(toxic: Toxic): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(toxic.attributes).map(([name, { default: value }]) => [name, value]),
  )
}
