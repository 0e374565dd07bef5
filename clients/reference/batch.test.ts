import { describe, expect, it } from 'vitest'
import { batchOf } from './batch.ts'
import type { OutboxRow } from './schema.ts'

let seq = 0
const entry = (record: string, more: Partial<OutboxRow> = {}): OutboxRow => ({
  seq: ++seq,
  key: `key ${seq}`,
  opId: `op-${seq}`,
  type: 'create',
  collection: 'messages',
  record,
  conversation: 'c',
  rev: 1,
  base: 0,
  stamp: '',
  content: { text: record },
  state: 'pending',
  attempts: 0,
  exposed: 0,
  ...more,
})
const limits = { items: 50, characters: 10_000 }
const recordsIn = (pending: OutboxRow[], upTo = limits) =>
  batchOf(pending, upTo).entries.map(({ record, rev }) => `${record}.${rev}`)

describe('a batch', () => {
  it('batches all messages of one conversation, in order', () => {
    expect(recordsIn([entry('a'), entry('b'), entry('c')])).toEqual(['a.1', 'b.1', 'c.1'])
  })

  it('batches one write per record: the next needs the version of the first', () => {
    const note = { collection: 'notes' }
    const { conversation: _, ...first } = entry('n', note)
    expect(
      recordsIn([first, { ...first, seq: ++seq, rev: 2 }, { ...first, seq: ++seq, rev: 3 }]),
    ).toEqual(['n.1'])
  })

  it('holds a conversation back behind a waiting write, but no other conversation', () => {
    const pending = [
      entry('a'),
      entry('a', { type: 'update', rev: 2 }),
      entry('b'),
      entry('z', { conversation: 'other' }),
    ]
    expect(recordsIn(pending)).toEqual(['a.1', 'z.1'])
  })

  it('holds back the later writes of a waiting record in every conversation', () => {
    const pending = [
      entry('a'),
      entry('a', { rev: 2 }),
      entry('b'),
      entry('b', { rev: 2, conversation: 'other' }),
    ]
    expect(recordsIn(pending)).toEqual(['a.1'])
  })

  it('respects the limits, and sends a huge write alone', () => {
    const huge = entry('huge', { content: { text: 'x'.repeat(20_000) } })
    expect(recordsIn([entry('a'), huge, entry('b')])).toEqual(['a.1'])
    expect(recordsIn([huge, entry('b')])).toEqual(['huge.1'])
    expect(recordsIn([entry('a'), entry('b'), entry('c')], { ...limits, items: 2 })).toEqual([
      'a.1',
      'b.1',
    ])
  })

  it('distinguishes records with any characters in their names', () => {
    const odd = [entry('b c', { collection: 'a' }), entry('c', { collection: 'a b' })]
    expect(recordsIn(odd)).toHaveLength(2)
  })
})
