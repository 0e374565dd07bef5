import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../../testing/history-builder.ts'
import { tookEffect } from './effects.ts'

const note = { collection: 'notes', record: 'n1', version: 1, deleted: false }
type Rows = readonly ((typeof note & { readonly opId?: string }) | typeof note)[]

/** The end of a history with a server that shows its rows and reports no events. */
const shows = (history: HistoryBuilder, rows: Rows) =>
  history.add('server', { type: 'serverState', epoch: 'e1', position: 0, rows: [...rows] })
const effectOf = (history: HistoryBuilder, opId: string) => {
  const built = history.build()
  const operation = built.operation(opId)
  return operation && tookEffect(built, operation)
}

describe('tookEffect', () => {
  it('tookEffect is undefined for a record that is gone, if somebody deleted it', () => {
    const created = () => tinyHistory().create('ana-1', 'n1')
    expect(effectOf(shows(created(), []), 'ana-1')).toBe(false)
    expect(effectOf(shows(created().delete('ben-1', 'n1'), []), 'ana-1')).toBeUndefined()
    expect(effectOf(shows(created().cancel('ana-2', 'ana-1'), []), 'ana-1')).toBeUndefined()
    const refused = created().delete('ben-1', 'n1').refused('ben-1')
    expect(effectOf(shows(refused, []), 'ana-1')).toBe(false)
  })

  it('tookEffect believes a server that reports outcomes and no commits', () => {
    const applied = tinyHistory().create('ana-1', 'n1').outcome('ana-1', 'applied')
    expect(effectOf(shows(applied, [{ ...note, opId: 'ben-9' }]), 'ana-1')).toBe(true)
  })

  it('tookEffect is undefined for a deletion if the record is gone without a report', () => {
    const history = tinyHistory().create('ana-1', 'n1').commit('ana-1').delete('ana-2', 'n1')
    expect(effectOf(shows(history, []), 'ana-2')).toBeUndefined()
  })

  it('tookEffect is undefined for an unread server if a request may have carried the write', () => {
    const sent = (fields: object) =>
      tinyHistory()
        .create('ana-1', 'n1')
        .delete('ana-2', 'n1')
        .request('ana', 'r1', ['ana-2'], fields)
    expect(effectOf(sent({ about: undefined }), 'ana-2')).toBeUndefined()
    expect(effectOf(sent({ about: undefined }), 'ana-1')).toBeUndefined()
    expect(effectOf(sent({ method: 'GET', about: undefined }), 'ana-1')).toBe(false)
  })
})
