import { badBody } from '../link/errors.ts'

/** A request's JSON as Go reads it: names in any case, null as if absent, unknown names passed over. Every reader throws a 400. */
export class Body {
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #owner: string

  /** `owner` names the thing in error texts. */
  constructor(value: unknown, owner: string) {
    if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      throw badBody(
        `json: cannot unmarshal ${kindOf(value)} into Go value of type toxiproxy.${owner}`,
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

  /** A 32-bit float, as Toxiproxy keeps toxicity. */
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
    if (!is(value))
      throw badBody(
        `json: cannot unmarshal ${kindOf(value)} into Go struct field ${this.#owner}.${name} of type ${type}`,
      )
    return value
  }
}

/** JSON, or a 400 in Go's words where those can be told without its parser. */
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

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
}

/** The shortest decimal that is this 32-bit float. */
function shortest(float: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(float.toPrecision(digits))
    if (Math.fround(decimal) === float) return decimal
  }
  return Number(float.toPrecision(9))
}
