import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Database, KeyPart, OpenDatabase, Schema, Tables } from './database.ts'

/** A node's disk. Each `open` begins a new incarnation on the data that the last one left. */
export interface Disk {
  open(): OpenDatabase
}

const SCHEMA = {
  notes: { key: 'id', indexes: { byFolder: ['folder', 'rank'] } },
  chat: { key: ['room', 'nr'], indexes: { byAuthor: ['author'] } },
} satisfies Schema

type Note = { id: KeyPart; folder?: KeyPart | null; rank?: number | null; text?: string }

/** Tests that an implementation fulfils the contract of the Database port. */
export function databaseContract(name: string, makeDisk: () => Disk): void {
  const fresh = (): Database => makeDisk().open()(SCHEMA)
  const put = (database: Database, ...notes: Note[]) => {
    database.transaction((tables) => {
      for (const note of notes) tables.table<Note>('notes').put(note)
    })
  }
  const ids = (database: Database, work: (tables: Tables) => Note[]) =>
    database.read(work).map((note) => note.id)

  describe(`${name} fulfils the Database contract`, () => {
    it('returns the record that was put, and undefined for an unknown key', () => {
      const database = fresh()
      put(database, { id: 'a', folder: 'x', rank: 1, text: 'hello' })
      expect(database.read((tables) => tables.table<Note>('notes').get('a'))).toEqual({
        id: 'a',
        folder: 'x',
        rank: 1,
        text: 'hello',
      })
      expect(database.read((tables) => tables.table<Note>('notes').get('b'))).toBeUndefined()
      expect(database.read((tables) => tables.table('chat').get('a'))).toBeUndefined()
      expect(database.read((tables) => tables.table('notes').count())).toBe(1)
    })

    it('replaces the whole record when the same key is put, in the indexes too', () => {
      const database = fresh()
      put(database, { id: 'a', folder: 'x', rank: 1, text: 'old' })
      put(database, { id: 'a', folder: 'y', rank: 2 })
      expect(database.read((tables) => tables.table<Note>('notes').all())).toEqual([
        { id: 'a', folder: 'y', rank: 2 },
      ])
      expect(
        ids(database, (tables) => tables.table<Note>('notes').by('byFolder', { prefix: 'x' })),
      ).toEqual([])
      expect(
        ids(database, (tables) => tables.table<Note>('notes').by('byFolder', { prefix: 'y' })),
      ).toEqual(['a'])
    })

    it('deletes a record and returns true if there was one', () => {
      const database = fresh()
      put(database, { id: 'a', folder: 'x', rank: 1 })
      const remove = () => database.transaction((tables) => tables.table('notes').delete('a'))
      expect(remove(), 'the first time').toBe(true)
      expect(remove(), 'the second time').toBe(false)
      expect(ids(database, (tables) => tables.table<Note>('notes').by('byFolder'))).toEqual([])
    })

    it('orders keys: numbers by value, then texts by code point', () => {
      const database = fresh()
      const sorted: KeyPart[] = [
        -3,
        0,
        0.5,
        2,
        10,
        '',
        '10',
        '2',
        'B',
        'a',
        'a\u0000',
        'aa',
        'é',
        '\uff5e',
        '😀',
      ]
      put(database, ...[...sorted].reverse().map((id) => ({ id })))
      expect(ids(database, (tables) => tables.table<Note>('notes').all())).toEqual(sorted)
      expect(ids(database, (tables) => tables.table<Note>('notes').all({ reverse: true }))).toEqual(
        [...sorted].reverse(),
      )
    })

    it('distinguishes the key 1 from the key "1"', () => {
      const database = fresh()
      put(database, { id: 1, text: 'number' }, { id: '1', text: 'text' })
      expect(database.read((tables) => tables.table<Note>('notes').get(1)?.text)).toBe('number')
      expect(database.read((tables) => tables.table<Note>('notes').get('1')?.text)).toBe('text')
    })

    it('selects ranges by prefix, after, limit and direction', () => {
      const database = fresh()
      database.transaction((tables) => {
        for (const room of ['a', 'b', 'c'])
          for (const nr of [3, 1, 2]) tables.table('chat').put({ room, nr, author: `p${nr % 2}` })
      })
      const chat = (range: Parameters<ReturnType<Tables['table']>['all']>[0]) =>
        database
          .read((tables) => tables.table<{ room: string; nr: number }>('chat').all(range))
          .map(({ room, nr }) => `${room}${nr}`)
      expect(chat({ prefix: 'b' })).toEqual(['b1', 'b2', 'b3'])
      expect(chat({ prefix: 'b', after: 1 })).toEqual(['b2', 'b3'])
      expect(chat({ prefix: 'b', after: 3, reverse: true })).toEqual(['b2', 'b1'])
      expect(chat({ after: ['b', 2] })).toEqual(['b3', 'c1', 'c2', 'c3'])
      expect(chat({ after: 'b' })).toEqual(['c1', 'c2', 'c3'])
      expect(chat({ after: 'b', reverse: true })).toEqual(['a3', 'a2', 'a1'])
      expect(chat({ after: ['a', 9], limit: 2 })).toEqual(['b1', 'b2'])
      expect(chat({ limit: 0 })).toEqual([])
      expect(chat({ prefix: 'z' })).toEqual([])
      const by = database.read((tables) =>
        tables
          .table<{ room: string; nr: number }>('chat')
          .by('byAuthor', { prefix: 'p1', after: ['a', 3] }),
      )
      expect(by.map(({ room, nr }) => `${room}${nr}`)).toEqual(['b1', 'b3', 'c1', 'c3'])
    })

    it('omits a record from an index only if it lacks a field of that index', () => {
      const database = fresh()
      put(
        database,
        { id: 'a', folder: 'x' },
        { id: 'b', folder: 'x', rank: null },
        { id: 'c', rank: 1 },
        { id: 'd', folder: 'x', rank: 0 },
      )
      expect(ids(database, (tables) => tables.table<Note>('notes').by('byFolder'))).toEqual(['d'])
      expect(ids(database, (tables) => tables.table<Note>('notes').all())).toEqual([
        'a',
        'b',
        'c',
        'd',
      ])
    })

    it('throws on keys and index fields that do not sort, and stores nothing', () => {
      const database = fresh()
      const wrong = (record: object) => () =>
        database.transaction((tables) =>
          tables
            .table<{ [field: string]: string }>('notes')
            .put(record as { [field: string]: string }),
        )
      expect(wrong({ text: 'no id' })).toThrow(/needs its key/)
      expect(wrong({ id: true })).toThrow(/number or a text/)
      expect(wrong({ id: 'a', folder: 'x', rank: [1] })).toThrow(/number or a text/)
      expect(database.read((tables) => tables.table('notes').count())).toBe(0)
    })

    it('rolls the whole transaction back when it throws', () => {
      const database = fresh()
      put(
        database,
        { id: 'kept', folder: 'x', rank: 1 },
        { id: 'changed', folder: 'x', rank: 2, text: 'before' },
      )
      const failing = () =>
        database.transaction((tables) => {
          const notes = tables.table<Note>('notes')
          notes.put({ id: 'new', folder: 'x', rank: 3 })
          notes.put({ id: 'changed', folder: 'y', rank: 2, text: 'after' })
          notes.delete('kept')
          tables.table('chat').put({ room: 'a', nr: 1 })
          throw new Error('half-way')
        })
      expect(failing).toThrow('half-way')
      expect(ids(database, (tables) => tables.table<Note>('notes').all())).toEqual([
        'changed',
        'kept',
      ])
      expect(ids(database, (tables) => tables.table<Note>('notes').by('byFolder'))).toEqual([
        'kept',
        'changed',
      ])
      expect(database.read((tables) => tables.table<Note>('notes').get('changed')?.text)).toBe(
        'before',
      )
      expect(database.read((tables) => tables.table('chat').count())).toBe(0)
      put(database, { id: 'afterwards' })
      expect(database.read((tables) => tables.table('notes').count())).toBe(3)
    })

    it('reads its own writes within a transaction, in indexes too', () => {
      const database = fresh()
      const seen = database.transaction((tables) => {
        const notes = tables.table<Note>('notes')
        notes.put({ id: 'a', folder: 'x', rank: 1 })
        return [notes.get('a')?.folder, notes.by('byFolder', { prefix: 'x' }).length, notes.count()]
      })
      expect(seen).toEqual(['x', 1, 1])
    })

    it('throws on a write in read() and on a nested transaction, over two handles too', () => {
      const open = makeDisk().open()
      const [one, two] = [open(SCHEMA), open(SCHEMA)]
      expect(() => one.read((tables) => tables.table<Note>('notes').put({ id: 'a' }))).toThrow(
        /transaction/,
      )
      expect(() => one.read((tables) => tables.table('notes').delete('a'))).toThrow(/transaction/)
      expect(() => one.transaction(() => one.transaction(() => 0))).toThrow(/nest/)
      expect(() => one.transaction(() => two.transaction(() => 0))).toThrow(/nest/)
      put(two, { id: 'b' })
      expect(one.read((tables) => tables.table('notes').count())).toBe(1)
    })

    it('throws on an unknown table or index, and lists the known ones', () => {
      const database = fresh()
      expect(() => database.read((tables) => tables.table('pets'))).toThrow(/pets.*notes, chat/)
      expect(() => database.read((tables) => tables.table('notes').by('byColour'))).toThrow(
        /byColour.*byFolder/,
      )
    })

    it('keeps all data when opened again with more tables', () => {
      const disk = makeDisk()
      put(disk.open()(SCHEMA), { id: 'a', folder: 'x', rank: 1, text: 'kept' })
      const reopened = disk.open()({ ...SCHEMA, drafts: { key: 'id' } })
      reopened.transaction((tables) => tables.table('drafts').put({ id: 1 }))
      expect(
        reopened.read((tables) => tables.table<Note>('notes').by('byFolder', { prefix: 'x' })),
      ).toEqual([{ id: 'a', folder: 'x', rank: 1, text: 'kept' }])
      expect(reopened.read((tables) => tables.table('drafts').count())).toBe(1)
    })

    it('protects stored records from changes to the objects put and read', () => {
      const database = fresh()
      const record = { id: 'a', tags: ['one'] }
      database.transaction((tables) => tables.table<typeof record>('notes').put(record))
      record.tags.push('two')
      const stored = database.read((tables) => tables.table<typeof record>('notes').get('a'))
      try {
        stored?.tags.push('three')
      } catch {
        // A frozen record throws on a change, which protects it as well as a copy.
      }
      expect(database.read((tables) => tables.table<typeof record>('notes').get('a'))).toEqual({
        id: 'a',
        tags: ['one'],
      })
    })

    it('preserves any text: control characters, lone surrogates, a megabyte', () => {
      const database = fresh()
      const texts = [
        '</script><img onerror=x>',
        '\u0000\u0001\u001f\u007f',
        '\ud800 alone \udfff',
        '\u2028',
        '😀'.repeat(250_000),
        '',
      ]
      put(database, ...texts.map((text, i) => ({ id: i, text })))
      expect(
        database.read((tables) => tables.table<Note>('notes').all()).map((note) => note.text),
      ).toEqual(texts)
    })

    it('omits members that are undefined', () => {
      const database = fresh()
      database.transaction((tables) =>
        tables
          .table('notes')
          .put({ id: 'a', folder: undefined, more: { left: undefined } as never }),
      )
      expect(database.read((tables) => tables.table('notes').get('a'))).toEqual({
        id: 'a',
        more: {},
      })
    })

    it('agrees with a plain list after any writes, for any range', () => {
      const part = fc.oneof(
        fc.integer({ min: -2, max: 3 }),
        fc.constantFrom('', 'a', 'ab', 'b', 'é', '😀'),
      )
      const note = fc.record({
        id: part,
        folder: fc.option(part),
        rank: fc.option(fc.integer({ min: 0, max: 2 })),
      })
      const range = fc.record(
        {
          prefix: fc.array(part, { maxLength: 1 }),
          after: fc.array(part, { minLength: 1, maxLength: 1 }),
          limit: fc.nat(4),
          reverse: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      fc.assert(
        fc.property(fc.array(fc.oneof(note, part), { maxLength: 12 }), range, (writes, cut) => {
          const database = fresh()
          const model = new Map<KeyPart, Note>()
          database.transaction((tables) => {
            const notes = tables.table<Note>('notes')
            for (const write of writes) {
              if (typeof write !== 'object') {
                expect(notes.delete(write)).toBe(model.delete(write))
                continue
              }
              notes.put(write)
              model.set(write.id, write)
            }
          })
          const keyOf = ({ folder, rank, id }: Note) => [folder, rank, id] as KeyPart[]
          const indexed = [...model.values()]
            .filter((one) => one.folder !== null && one.rank !== null)
            .sort((a, b) => order(keyOf(a), keyOf(b)))
          const head = cut.prefix ?? []
          const beyond = cut.after && [...head, ...cut.after]
          const expected = indexed.filter((one) => {
            const key = keyOf(one)
            if (order(key.slice(0, head.length), head) !== 0) return false
            if (!beyond) return true
            const side = order(key.slice(0, beyond.length), beyond)
            return cut.reverse ? side < 0 : side > 0
          })
          if (cut.reverse) expected.reverse()
          const selected = database.read((tables) =>
            tables.table<Note>('notes').by('byFolder', cut),
          )
          expect(selected).toEqual(expected.slice(0, cut.limit ?? expected.length))
        }),
        { numRuns: 60 },
      )
    })
  })
}

function order(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as KeyPart, b[i] as KeyPart]
    if (x === y) continue
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1
    if (typeof x === 'number') return x - (y as number)
    const [p, q] = [Array.from(x as string), Array.from(y as string)].map((chars) =>
      chars.map((char) => char.codePointAt(0) as number),
    )
    return order(p as number[], q as number[]) || (p as number[]).length - (q as number[]).length
  }
  return 0
}
