import { expect, it } from 'vitest'
import { databaseContract } from './database.contract.ts'
import { MemoryDisk, memoryDatabase } from './memory-database.ts'

databaseContract('MemoryDisk', () => {
  const disk = new MemoryDisk()
  return { open: () => disk.open() }
})

it('MemoryDisk discards the writes of an incarnation after its death', () => {
  const disk = new MemoryDisk()
  let isAlive = true
  const first = disk.open(() => isAlive)({
    notes: { key: 'id', indexes: { byFolder: ['folder'] } },
  })
  first.transaction((tables) => tables.table('notes').put({ id: 1, folder: 'x' }))
  isAlive = false
  first.transaction((tables) => {
    tables.table('notes').put({ id: 2, folder: 'x' })
    tables.table('notes').delete(1)
  })
  const second = disk.open()({ notes: { key: 'id', indexes: { byFolder: ['folder'] } } })
  expect(second.read((tables) => tables.table('notes').by('byFolder'))).toEqual([
    { id: 1, folder: 'x' },
  ])
})

it('memoryDatabase opens a database of its own at each call', () => {
  const schema = { notes: { key: 'id' } }
  memoryDatabase(schema).transaction((tables) => tables.table('notes').put({ id: 1 }))
  expect(memoryDatabase(schema).read((tables) => tables.table('notes').count())).toBe(0)
})

it('memoryDatabase distinguishes keys of two texts that are equal when joined', () => {
  const database = memoryDatabase({ pairs: { key: ['a', 'b'] } })
  const pairs = [
    { a: 'x', b: 'yz' },
    { a: 'xy', b: 'z' },
    { a: '1=x', b: '' },
  ]
  database.transaction((tables) => {
    for (const pair of pairs) tables.table('pairs').put(pair)
  })
  expect(
    pairs.map(({ a, b }) => database.read((tables) => tables.table('pairs').get([a, b]))),
  ).toEqual(pairs)
})

it('memoryDatabase refuses a write by a table that outlived its transaction', () => {
  const database = memoryDatabase({ notes: { key: 'id' } })
  const notes = database.transaction((tables) => tables.table('notes'))
  expect(() => notes.put({ id: 1 })).toThrow('use transaction()')
  expect(notes.count()).toBe(0)
})
