import { expect, it } from 'vitest'
import { databaseContract } from './database.contract.ts'
import { MemoryDisk, memoryDatabase } from './memory-database.ts'

databaseContract('MemoryDisk', () => {
  const disk = new MemoryDisk()
  return { open: () => disk.open() }
})

it('voids the writes of an incarnation that is dead', () => {
  const disk = new MemoryDisk()
  let alive = true
  const former = disk.open(() => alive)({ notes: { key: 'id', indexes: { byFolder: ['folder'] } } })
  former.transaction((tables) => tables.table('notes').put({ id: 1, folder: 'x' }))
  alive = false
  former.transaction((tables) => {
    tables.table('notes').put({ id: 2, folder: 'x' })
    tables.table('notes').delete(1)
  })
  const next = disk.open()({ notes: { key: 'id', indexes: { byFolder: ['folder'] } } })
  expect(next.read((tables) => tables.table('notes').by('byFolder'))).toEqual([
    { id: 1, folder: 'x' },
  ])
})

it('opens a database of its own for a test', () => {
  const schema = { notes: { key: 'id' } }
  memoryDatabase(schema).transaction((tables) => tables.table('notes').put({ id: 1 }))
  expect(memoryDatabase(schema).read((tables) => tables.table('notes').count())).toBe(0)
})
