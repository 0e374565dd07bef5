import { describe, expect, it } from 'vitest'
import { lastWriteWins } from '../conflict/last-write-wins.ts'
import type { ConflictPolicy } from '../conflict/policy.ts'
import { serverWins } from '../conflict/server-wins.ts'
import { formatStamp, parseStamp } from '../protocol/hlc.ts'
import type { StoredRecord } from '../store/tables.ts'
import { decide, type Write } from './decide.ts'
import { CLAMP_MS } from './effective-stamp.ts'

const NOW = 1_000_000
const stamp = (ms: number, node = 'ana', counter = 0) => formatStamp({ ms, counter }, node)

/** The current version: version 3 by ben, live by default. */
const head = (changes: Partial<StoredRecord> = {}): StoredRecord => ({
  collection: 'notes',
  record: 'n1',
  name: 'n1',
  version: 3,
  deleted: false,
  content: { text: 'theirs' },
  key: 'theirs',
  stamp: stamp(NOW - 1000, 'ben'),
  author: 'ben',
  seq: 9,
  ...changes,
})
const tombstone = head({ deleted: true })

const write = (type: Write['type'], base: number, sent = stamp(NOW)): Write => ({
  type,
  collection: 'notes',
  record: 'n1',
  key: 'mine',
  base,
  stamp: sent,
  author: 'ana',
  ...(type !== 'delete' && { content: { text: 'mine' } }),
})

describe.each([serverWins, lastWriteWins])('under $name', (policy) => {
  it.each([
    ['create', 0, undefined, 'applied', undefined],
    ['create', 1, undefined, 'rejected', 'base is a version the server never had'],
    ['update', 0, undefined, 'rejected', 'unknown record'],
    ['delete', 2, undefined, 'rejected', 'unknown record'],
    ['update', 3, head(), 'applied', undefined],
    ['delete', 3, head(), 'applied', undefined],
    ['create', 3, head(), 'rejected', 'record exists'],
    ['update', 4, head(), 'rejected', 'base is a version the server never had'],
    ['create', 3, tombstone, 'applied', undefined],
    ['update', 3, tombstone, 'rejected', 'record is deleted'],
    ['delete', 3, tombstone, 'conflict', 'already deleted'],
    ['delete', 1, tombstone, 'conflict', 'already deleted'],
    ['delete', 4, tombstone, 'rejected', 'base is a version the server never had'],
  ] as const)(
    'decides on a %s with base %i without the policy',
    (type, base, found, outcome, rule) => {
      const decision = decide(write(type, base), found, policy, NOW)
      expect(decision.outcome).toBe(outcome)
      expect(decision.rule).toBe(rule)
    },
  )

  it.each(['update', 'create'] as const)(
    'a stale %s never brings a deleted record back',
    (type) => {
      expect(decide(write(type, 2, stamp(NOW + CLAMP_MS)), tombstone, policy, NOW).outcome).toBe(
        'conflict',
      )
    },
  )
})

describe('server-wins', () => {
  it.each(['create', 'update', 'delete'] as const)('server-wins: a stale %s loses', (type) => {
    const decision = decide(write(type, 2, stamp(NOW)), head(), serverWins, NOW)
    expect(decision).toEqual({ outcome: 'conflict', rule: 'server-wins: made on an older version' })
  })
})

describe('last-write-wins', () => {
  const outcomeOf = (decision: ReturnType<typeof decide>) => [
    decision.outcome,
    'headLoses' in decision && decision.headLoses,
  ]

  it.each([
    ['later', stamp(NOW), 'applied', true],
    ['earlier', stamp(NOW - 2000), 'conflict', false],
    ['the same but for a higher node name', stamp(NOW - 1000, 'carl'), 'applied', true],
    ['the same but for a lower node name', stamp(NOW - 1000, 'ana'), 'conflict', false],
    ['the same to the letter', stamp(NOW - 1000, 'ben'), 'conflict', false],
  ] as const)(
    'last-write-wins: a stale update with a stamp that is %s',
    (_, sent, outcome, headLoses) => {
      expect(outcomeOf(decide(write('update', 2, sent), head(), lastWriteWins, NOW))).toEqual([
        outcome,
        headLoses,
      ])
    },
  )

  it('last-write-wins: a deletion wins against unknown edits, regardless of its stamp', () => {
    const decision = decide(write('delete', 2, stamp(NOW - 5000)), head(), lastWriteWins, NOW)
    expect(outcomeOf(decision)).toEqual(['applied', true])
  })
})

describe('the stored stamp', () => {
  const storedStamp = (
    sent: string,
    found?: StoredRecord,
    base = found?.version ?? 0,
    policy: ConflictPolicy = lastWriteWins,
  ) => {
    const decision = decide(write(found ? 'update' : 'create', base, sent), found, policy, NOW)
    return decision.outcome === 'applied' ? decision.stamp : decision.outcome
  }

  it('stores the stamp as sent if it is in order and not in the future', () => {
    expect(storedStamp(stamp(NOW))).toBe(stamp(NOW))
    expect(storedStamp(stamp(NOW), head())).toBe(stamp(NOW))
    expect(storedStamp(stamp(NOW), head(), 2)).toBe(stamp(NOW))
  })

  it('stores no stamp further in the future than the clamp', () => {
    const year = 365 * 86_400_000
    expect(storedStamp(stamp(NOW + CLAMP_MS, 'ana', 7))).toBe(stamp(NOW + CLAMP_MS, 'ana', 7))
    expect(storedStamp(stamp(NOW + year, 'ana', 7))).toBe(stamp(NOW + CLAMP_MS, 'ana'))
    expect(storedStamp(stamp(NOW + year), head(), 2)).toBe(stamp(NOW + CLAMP_MS, 'ana'))
  })

  it('stores a later stamp than the one the writer had seen, however slow its clock', () => {
    expect(storedStamp(stamp(5), head())).toBe(stamp(NOW - 1000, 'ana', 1))
    const brim = head({ stamp: stamp(NOW, 'ben', 99_999) })
    expect(parseStamp(storedStamp(stamp(5), brim))).toEqual({
      ms: NOW + 1,
      counter: 0,
      node: 'ana',
    })
  })

  it('lets a clock that is a year ahead win for no longer than the clamp', () => {
    const first = storedStamp(stamp(NOW + 365 * 86_400_000, 'ahead'))
    const found = head({ version: 1, stamp: first })
    expect(
      decide(
        write('update', 0, stamp(NOW + CLAMP_MS + 1)),
        found,
        lastWriteWins,
        NOW + CLAMP_MS + 1,
      ).outcome,
    ).toBe('applied')
  })
})
