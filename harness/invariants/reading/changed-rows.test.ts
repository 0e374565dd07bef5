import { expect, it } from 'vitest'
import type { EventOf, ShownRow } from '../../core/event.ts'
import { changedRows } from './changed-rows.ts'

const row = (record: string, change: Partial<ShownRow> = {}): ShownRow => ({
  collection: 'messages',
  record,
  id: record,
  status: 'sent',
  version: 1,
  ...change,
})

function view(...rows: ShownRow[]): EventOf<'view'> {
  return { seq: 1, t: 1, node: 'ana', type: 'view', view: { rows } }
}

it('returns all rows of the first view', () => {
  expect(changedRows(view(row('m1'), row('m2')), undefined)).toEqual([row('m1'), row('m2')])
})

it('leaves out the rows that stayed as they were, in their place', () => {
  const before = view(row('m1'), row('m2', { status: 'pending' }))
  const after = view(row('m1'), row('m2'), row('m3'))
  expect(changedRows(after, before)).toEqual([row('m2'), row('m3')])
})

it.each<Partial<ShownRow>>([
  { collection: 'notes' },
  { id: 'other' },
  { opId: 'ana-1' },
  { hash: 'h' },
  { text: 'x' },
  { status: 'failed' },
  { version: 2 },
])('sees the change %j', (change) => {
  expect(changedRows(view(row('m1', change)), view(row('m1')))).toEqual([row('m1', change)])
})
