import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Holdings } from './holdings.ts'
import { mark } from './mark.ts'
import type { ServerDump } from './server.ts'

type Row = ServerDump['rows'][number]

const row = (record: string, opId: string, more: Partial<Row> = {}): Row => ({
  collection: 'notes',
  record,
  version: 1,
  deleted: false,
  content: { text: mark(opId, { record, opId }) },
  ...more,
})
const tombstone = (record: string, version: number): Row => ({
  ...{ collection: 'notes', record, version, deleted: true },
})
const dump = (...rows: readonly Row[]): ServerDump => ({ epoch: 'e1', position: 0, rows })

/** Returns the commits that each dump after the first shows, in short. */
function found(...dumps: readonly ServerDump[]): string[] {
  const holdings = new Holdings()
  const [first, ...others] = dumps
  if (first) holdings.compare(first)
  return others.flatMap((one) =>
    holdings
      .compare(one)
      .map(({ write, record, version, head, opId = '-', twin }) =>
        [write, record, `${head}→${version}`, opId, ...(twin ? [`twin ${twin}`] : [])].join(' '),
      ),
  )
}

describe('the commits derived from two dumps', () => {
  it('are none if nothing changed', () => {
    const rows = dump(row('n1', 'ana-1'), tombstone('n2', 2))
    expect(found(rows, rows)).toEqual([])
  })

  it('are a creation, an update and a deletion', () => {
    expect(
      found(
        dump(),
        dump(row('n1', 'ana-1')),
        dump(row('n1', 'ben-1', { version: 2 })),
        dump(tombstone('n1', 3)),
        dump(row('n1', 'ana-2', { version: 4 })),
      ),
    ).toEqual([
      'create n1 0→1 ana-1',
      'update n1 1→2 ben-1',
      'delete n1 2→3 -',
      'create n1 3→4 ana-2',
    ])
  })

  it('are a deletion if a row is missing, and a creation from nothing if it comes back', () => {
    const held = dump(row('n1', 'ana-1'))
    expect(found(held, dump(), held)).toEqual(['delete n1 1→2 -', 'create n1 0→1 ana-1'])
  })

  it('are none if a tombstone is purged, or appears after its row was missing', () => {
    expect(found(dump(tombstone('n1', 2)), dump(), dump(tombstone('n1', 2)))).toEqual([])
  })

  it('are one update if the same write is applied again', () => {
    const again = dump(row('n1', 'ana-1', { version: 2 }))
    expect(found(dump(row('n1', 'ana-1')), again)).toEqual(['update n1 1→2 ana-1'])
  })

  it('are creations for further rows of the same name', () => {
    const one = row('n1', 'ana-1')
    expect(found(dump(), dump(one), dump(one, one))).toEqual([
      'create n1 0→1 ana-1',
      'create n1 0→1 ana-1 twin 1',
    ])
  })

  it('name each write whose marker is new in merged content, and hash only the own one', () => {
    const text = mark(mark('both', { record: 'n1', opId: 'ben-1' }), {
      record: 'n1',
      opId: 'ana-1',
    })
    const merged = row('n1', 'ana-1', { version: 2, content: { text } })
    const holdings = new Holdings()
    holdings.compare(dump(row('n1', 'ana-1')))
    const commits = holdings.compare(dump(merged))
    expect(commits.map(({ opId, hash }) => [opId, hash])).toEqual([['ben-1', undefined]])
  })

  it('begin again in a new epoch', () => {
    const restored = { ...dump(row('n1', 'ana-1')), epoch: 'e2' }
    expect(found(dump(row('n1', 'ana-1'), row('n2', 'ana-2')), restored)).toEqual([
      'create n1 0→1 ana-1',
    ])
  })
})

const anyRow: fc.Arbitrary<Row> = fc
  .record({
    record: fc.constantFrom('n1', 'n2', '__proto__'),
    version: fc.integer({ min: 1, max: 3 }),
    opId: fc.constantFrom('ana-1', 'ana-2', 'ben-1'),
    deleted: fc.boolean(),
  })
  .map(({ record, version, opId, deleted }) =>
    deleted ? tombstone(record, version) : row(record, opId, { version }),
  )
const anyDumps = fc.array(
  fc.record({
    epoch: fc.constantFrom('e1', 'e1', 'e1', 'e2'),
    position: fc.constant(0),
    rows: fc.array(anyRow, { maxLength: 5 }),
  }),
  { maxLength: 6 },
)

describe('whatever a server shows', () => {
  it('an equal dump shows nothing new', () => {
    fc.assert(
      fc.property(anyDumps, (dumps) => {
        const holdings = new Holdings()
        for (const one of dumps) {
          holdings.compare(one)
          expect(holdings.compare({ ...one, rows: one.rows.toReversed() })).toEqual([])
        }
      }),
    )
  })

  it('positions count all commits', () => {
    fc.assert(
      fc.property(anyDumps, (dumps) => {
        const holdings = new Holdings()
        const commits = dumps.flatMap((one) => holdings.compare(one))
        expect(commits.map(({ position }) => position)).toEqual(commits.map((_, i) => i + 1))
      }),
    )
  })

  it('who learns the commits holds the same live rows', () => {
    fc.assert(
      fc.property(anyDumps, (dumps) => {
        const [looking, learning] = [new Holdings(), new Holdings()]
        for (const one of dumps) {
          for (const commit of looking.compare(one)) learning.learn(commit)
          const next = new Holdings(JSON.parse(JSON.stringify(learning.state)))
          const isLive = ({ write }: { write: string }) => write !== 'delete'
          expect(next.compare(one).filter(isLive)).toEqual([])
        }
      }),
    )
  })
})
