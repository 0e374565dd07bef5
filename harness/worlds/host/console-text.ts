/**
 * Text as a console prints it. Written here, because a history must be the same to the byte on
 * every version of Node and in a page, and each of them prints objects differently.
 *
 * @module
 */

/** The most members of an object or array, and the most levels of nesting, that are shown. */
const MEMBERS_MAX = 100
const DEPTH_MAX = 3

type ErrorText = (error: Error) => string

/** Formats the arguments of console.log, with its placeholders: `%s %d %i %f %j %o %O %c %%`. */
export function consoleText(args: readonly unknown[], errorText: ErrorText): string {
  const [first, ...rest] = args
  const show = (value: unknown) =>
    typeof value === 'string' ? value : valueText(value, errorText, [])
  if (typeof first !== 'string' || rest.length === 0) return args.map(show).join(' ')
  const text = first.replace(/%([sdifjoOc%])/g, (placeholder, kind: string) => {
    if (kind === '%') return '%'
    if (rest.length === 0) return placeholder
    return placed(kind, rest.shift(), show)
  })
  return [text, ...rest.map(show)].join(' ')
}

function placed(kind: string, value: unknown, show: (value: unknown) => string): string {
  switch (kind) {
    case 'c':
      return ''
    case 'd':
      return typeof value === 'bigint' ? `${value}n` : String(numberOf(value))
    case 'i':
      return String(Math.trunc(numberOf(value)))
    case 'f':
      return String(numberOf(value))
    default:
      return show(value)
  }
}

const numberOf = (value: unknown): number =>
  typeof value === 'object' || typeof value === 'symbol' ? Number.NaN : Number(value)

/** Formats a value inside of another one: texts in quotes. `above` are the objects around it. */
function valueText(value: unknown, errorText: ErrorText, above: readonly object[]): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `[Function: ${value.name || '(anonymous)'}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if (above.includes(value)) return '[Circular]'
  try {
    return objectText(value, errorText, above)
  } catch {
    // A proxy, or a getter that throws.
    return '[Object that cannot be shown]'
  }
}

function objectText(value: object, errorText: ErrorText, above: readonly object[]): string {
  if (value instanceof Error) return errorText(value)
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp) return String(value)
  const name: string = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object'
  if (above.length >= DEPTH_MAX) return Array.isArray(value) ? '[Array]' : `[${name}]`
  const inner = (member: unknown) => valueText(member, errorText, [...above, value])
  if (Array.isArray(value)) return enclosed('', '[', value.map(inner), ']')
  if (value instanceof Set) return enclosed(`Set(${value.size}) `, '{', [...value].map(inner), '}')
  const [prefix, members] =
    value instanceof Map
      ? [`Map(${value.size}) `, [...value].map(([key, one]) => `${inner(key)} => ${inner(one)}`)]
      : [
          name === 'Object' ? '' : `${name} `,
          Object.entries(value).map(([key, one]) => `${keyText(key)}: ${inner(one)}`),
        ]
  return enclosed(prefix, '{', members, '}')
}

const keyText = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`)

function enclosed(prefix: string, open: string, members: readonly string[], close: string): string {
  if (members.length === 0) return `${prefix}${open}${close}`
  const more = members.length - MEMBERS_MAX
  const shown = more > 0 ? [...members.slice(0, MEMBERS_MAX), `… ${more} more`] : members
  return `${prefix}${open} ${shown.join(', ')} ${close}`
}
