import { expect, test } from 'vitest'
import { HeldItems } from './held-items.ts'
import { mark } from './mark.ts'

const row = (id: string, text: string) => ({ collection: 'messages', id, content: { text } })

test('counts the changes of a row', () => {
  const held = new HeldItems()
  const versions = (items: unknown) => held.dump(items).dump.rows.map(({ version }) => version)
  expect(versions([row('1', 'a')])).toEqual([1])
  expect(versions([row('1', 'a')])).toEqual([1])
  expect(versions([row('1', 'b'), row('2', 'c')])).toEqual([2, 1])
  expect(held.dump([]).dump).toEqual({ epoch: 'held', position: 5, rows: [] })
  expect(versions([row('1', 'b')])).toEqual([4])
})

test('names a row by its marker, and otherwise by its id', () => {
  const text = mark('Hello', { record: 'm1', opId: 'ana-1' })
  const { dump } = new HeldItems().dump([row('77', text), row('78', 'plain')])
  expect(dump.rows.map(({ record }) => record)).toEqual(['m1', '78'])
})

test('continues the count of an earlier incarnation', () => {
  const first = new HeldItems()
  first.dump([row('1', 'a')])
  first.dump([row('1', 'b')])
  const second = new HeldItems(first.versions)
  expect(second.dump([row('1', 'b')]).changed).toEqual([])
  expect(second.dump([row('1', 'c')]).dump).toMatchObject({ position: 3, rows: [{ version: 3 }] })
})

test('counts rows that share an id each for itself', () => {
  const held = new HeldItems()
  held.dump([row('1', 'a'), row('1', 'b')])
  const { dump } = held.dump([row('1', 'a'), row('1', 'c')])
  expect(dump.rows.map(({ version }) => version)).toEqual([1, 2])
})

test('begins another epoch after a restart without any of several rows, and no other', () => {
  const epochAfter = (before: unknown, after: unknown) => {
    const first = new HeldItems()
    first.dump(before)
    const second = new HeldItems(first.versions)
    const { epoch } = second.dump(after).dump
    const third = new HeldItems(second.versions)
    expect(third.dump(after).dump.epoch).toBe(epoch)
    return epoch
  }
  const [one, two, three] = [row('1', 'a'), row('2', 'b'), row('3', 'c')]
  expect(epochAfter([one, two], [])).toBe('held-1')
  expect(epochAfter([one, two], [three])).toBe('held-1')
  expect(epochAfter([one, two], [two])).toBe('held')
  expect(epochAfter([one], [])).toBe('held')
})

test('takes rows that vanish while the server runs for deleted', () => {
  const held = new HeldItems()
  held.dump([row('1', 'a'), row('2', 'b')])
  expect(held.dump([]).dump.epoch).toBe('held')
  held.dump([row('1', 'a'), row('2', 'b')])
  held.restarted()
  expect(held.dump([]).dump.epoch).toBe('held-1')
})

test('names what is wrong with the rows', () => {
  expect(() => new HeldItems().dump([{ collection: 'notes', id: 7, content: {} }])).toThrow(
    /its dump expects rows \{ collection, id, content \}; .*id.*7/,
  )
})
