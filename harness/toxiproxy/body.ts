import { badBody } from '../link/errors.ts'

/**
 * The JSON of a request, read as Go reads it: names in any case, null like an absent field, unknown
 * names ignored. Each method throws a ToxicError (400) for a value of another type.
 */
export class Body {
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #owner: string

  /** `owner` is Go's name of the type, for error texts. */
  constructor(value: unknown, owner: string) {
    if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      throw badBody(
        `json: cannot unmarshal ${goType(value)} into Go value of type toxiproxy.${owner}`,
      )
    }
    this.#owner = owner
    this.#fields = new Map(
      Object.entries(value ?? {}).map(([name, field]) => [name.toLowerCase(), field]),
    )
  }

  text(name: string): string | undefined {
    return this.#read(name, 'string', (value): value is string => typeof value === 'string')
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, 'bool', (value): value is boolean => typeof value === 'boolean')
  }

  /** Reads a number rounded to a 32-bit float, because Toxiproxy stores the toxicity as one. */
  float(name: string): number | undefined {
    const fits = (field: unknown): field is number =>
      typeof field === 'number' && Number.isFinite(Math.fround(field))
    const value = this.#read(name, 'float32', fits)
    return value === undefined ? undefined : shortest(Math.fround(value))
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    const isObject = (value: unknown): value is Record<string, unknown> =>
      typeof value === 'object' && !Array.isArray(value)
    return this.#read(name, 'object', isObject)
  }

  #read<Value>(
    name: string,
    type: string,
    is: (value: unknown) => value is Value,
  ): Value | undefined {
    const value = this.#fields.get(name)
    if (value === undefined || value === null) return undefined
    if (!is(value)) {
      const field = `${this.#owner}.${name} of type ${type}`
      throw badBody(`json: cannot unmarshal ${goType(value)} into Go struct field ${field}`)
    }
    return value
  }
}

/**
 * Parses JSON. Throws a ToxicError (400), with Go's error text if a simple check can find it.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const start = text.trimStart()
    if (start === '') throw badBody('EOF')
    if (!/^["{[\d\-tfn]/.test(start))
      throw badBody(`invalid character '${start[0]}' looking for beginning of value`)
    throw badBody(/[}\]]\s*$/.test(start) ? 'invalid JSON' : 'unexpected EOF')
  }
}

function goType(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
}

/** Returns the shortest decimal that rounds to this 32-bit float. */
function shortest(float: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(float.toPrecision(digits))
    if (Math.fround(decimal) === float) return decimal
  }
  return Number(float.toPrecision(9))
}
