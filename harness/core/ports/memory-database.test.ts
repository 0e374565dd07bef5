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
