import type { z } from 'zod'
import { jsonFlaw } from './json-flaw.ts'
import { NOT_ACCEPTED, quickParse } from './quick-parse.ts'

/** The wrong part of a report with its path, and what is right in its place. */
export interface Flaw {
  /** 'rows.0.status: "delivered"' */
  readonly received: string
  /** 'one of pending, sent, failed' */
  readonly expected: string
}

export type Checked<Value> = { readonly value: Value } | { readonly flaw: Flaw }

const SHOWN_LENGTH_MAX = 120

/** Checks a value that code under test reported. Never throws, whatever the value is. */
export function checkReport<Value>(schema: z.ZodType<Value>, value: unknown): Checked<Value> {
  try {
    const quick = quickParse(schema, value)
    if (quick !== NOT_ACCEPTED) return { value: quick }
    const parsed = schema.safeParse(value)
    if (parsed.success) return { value: parsed.data }
    const [issue] = parsed.error.issues
    if (!issue || isThenable(value)) return { flaw: flawAt([], value, 'a value that is there now') }
    const part = partAt(value, issue.path)
    const deeper = issue.code === 'custom' ? jsonFlaw(part) : undefined
    return deeper && deeper.path.length > 0
      ? { flaw: flawAt([...issue.path, ...deeper.path], deeper.value, 'a value of JSON') }
      : { flaw: flawAt(issue.path, part, expectation(issue)) }
  } catch (error) {
    return { flaw: flawAt([], error, 'a value that can be read') }
  }
}

/** Returns the flaw of a part of a report. */
export function flawAt(path: readonly PropertyKey[], part: unknown, expected: string): Flaw {
  const where = path.length > 0 ? `${path.map(String).join('.')}: ` : ''
  return { received: where + shown(part), expected }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}

/** Describes a value of any kind in one short line. */
function shown(value: unknown): string {
  const full = describe(value)
  return full.length > SHOWN_LENGTH_MAX ? `${full.slice(0, SHOWN_LENGTH_MAX)}…` : full
}

function describe(value: unknown): string {
  if (value === undefined || typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (value instanceof Error) return `the exception ${JSON.stringify(value.message)}`
  if (isThenable(value)) return 'a promise'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (kind !== 'Object' && kind !== 'Array') return `a ${kind}`
  if (jsonFlaw(value) !== undefined)
    return kind === 'Array' ? 'an array that is no JSON' : 'an object that is no JSON'
  return JSON.stringify(value)
}

function partAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? (part as Record<PropertyKey, unknown>)[key]
        : part,
    value,
  )
}

const TYPE_TEXTS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_TEXTS[issue.expected] ?? `a value of type ${issue.expected}`
    case 'invalid_value': {
      const values = issue.values.map(String)
      return values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`
    }
    case 'too_small':
      return `${numberText(issue)} of at least ${issue.minimum}`
    case 'too_big':
      return `${numberText(issue)} of at most ${issue.maximum}`
    default:
      return issue.message
  }
}

const numberText = ({ origin }: { readonly origin: string }) =>
  origin === 'int' ? 'a whole number' : 'a number'
