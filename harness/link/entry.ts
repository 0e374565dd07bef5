import { badBody } from './errors.ts'
import type { Toxic } from './toxic.ts'

export type Direction = 'upstream' | 'downstream'

/** A toxic as it was asked for. Name: `<type>_<stream>` when left out or empty; toxicity: 1; attributes: the toxic's defaults. */
export interface NewToxic {
  readonly name?: string | undefined
  readonly type: string
  /** 'upstream' or 'downstream', in any case. */
  readonly stream: string
  /** The share of connections it touches. */
  readonly toxicity?: number | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

export interface ToxicUpdate {
  readonly toxicity?: number | undefined
  /** The ones left out stay. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** A toxic on a proxy. */
export interface ToxicEntry {
  readonly name: string
  readonly toxic: Toxic
  /** As it was written. */
  readonly stream: string
  readonly direction: Direction
  toxicity: number
  attributes: Readonly<Record<string, number>>
}

/** `base` with the given attributes laid over it: whole numbers; null and unknown names are passed over. Throws a 400. */
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
  const wrong = toxic.check?.(attributes)
  if (wrong !== undefined) throw badBody(`attributes: ${wrong}`)
  return attributes
}

export function defaultAttributes(toxic: Toxic): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(toxic.attributes).map(([name, { default: value }]) => [name, value]),
  )
}
