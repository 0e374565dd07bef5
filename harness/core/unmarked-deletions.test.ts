import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'

/** A device that does not say which keys it uses. */
const note = () => tinyHistory().create('ana-1', 'n1').saved('ana-1').commit('ana-1')
const commitsOf = (history: HistoryBuilder) =>
  Object.fromEntries(
    history
      .build()
      .operations.map(({ opId, commits, commitsKnown }) => [
        opId,
        commitsKnown ? commits.map(({ seq }) => seq) : 'uncertain',
      ]),
  )

describe('a deletion without a known key', () => {
  it('is joined by user and record to the only operation that it can be', () => {
    const history = note().delete('ana-2', 'n1').saved('ana-2').commit('ana-2').as('gone')
    expect(commitsOf(history)).toMatchObject({ 'ana-2': [history.seq('gone')] })
    expect(history.build().operationOfKey('k-ana-2')?.opId).toBe('ana-2')
  })

  it('is joined without any key, and with its outcome', () => {
    const anonymous = { key: undefined }
    const history = note()
      .delete('ana-2', 'n1')
      .commit('ana-2', anonymous)
      .outcome('ana-2', 'applied', anonymous)
    const built = history.build()
    const deletion = built.operation('ana-2')
    expect(deletion).toMatchObject({ commitsKnown: true, keys: [] })
    expect(deletion?.commits).toHaveLength(1)
    expect(deletion?.outcomes).toHaveLength(1)
    expect(built.operationOf(deletion?.commits[0] as never)).toBe(deletion)
  })

  it("is never joined to another user's operation, to a later or to a refused one", () => {
    const byBen = note().delete('ana-2', 'n1').commit('ana-2', { author: 'ben' })
    expect(commitsOf(byBen)).toMatchObject({ 'ana-2': [] })
    const later = note()
      .delete('ana-2', 'n1')
      .commit('ana-2', { author: 'ana' })
      .delete('ana-3', 'n1')
    expect(commitsOf(later)).toMatchObject({ 'ana-3': [] })
    const refused = note().delete('ana-2', 'n1').refused('ana-2').commit('ana-2')
    expect(commitsOf(refused)).toMatchObject({ 'ana-2': [] })
  })

  it('is joined by order when a device deleted a record as often as the server reports', () => {
    const history = note()
      .delete('ana-2', 'n1')
      .create('ana-3', 'n1')
      .delete('ana-4', 'n1')
      .commit('ana-2')
      .as('first')
      .commit('ana-3')
      .commit('ana-4')
      .as('second')
    expect(commitsOf(history)).toMatchObject({
      'ana-2': [history.seq('first')],
      'ana-4': [history.seq('second')],
    })
  })

  it('is left alone, and its operations are uncertain, where it may be either', () => {
    const history = note().delete('ana-2', 'n1').delete('ana-3', 'n1').commit('ana-2')
    expect(commitsOf(history)).toMatchObject({ 'ana-2': 'uncertain', 'ana-3': 'uncertain' })
  })

  it('is joined to the device whose request carried the key', () => {
    const setting = {
      version: 2 as const,
      name: 'tiny',
      title: 'Tiny',
      story: 'One user with two devices.',
      devices: ['ana', 'tab'].map((name) => ({ name, user: 'ana' })),
      policy: 'last-write-wins',
      steps: [],
      healAt: 0,
      settle: 20_000,
      exercised: {},
      timeScale: 1,
    }
    const history = tinyHistory({ scenario: setting })
      .create('ana-1', 'n1')
      .commit('ana-1')
      .delete('ana-2', 'n1')
      .delete('tab-1', 'n1')
      .request('tab', 'r1', ['tab-1'])
      .commit('tab-1', { author: 'ana' })
      .as('gone')
    expect(commitsOf(history)).toMatchObject({ 'ana-2': [], 'tab-1': [history.seq('gone')] })
  })

  it('is joined to the cancellation that it makes up for', () => {
    const history = note().cancel('ana-2', 'ana-1').delete('ana-3', 'n1').refused('ana-3')
    history.commit('ana-3').as('gone')
    expect(commitsOf(history)).toMatchObject({ 'ana-2': [history.seq('gone')], 'ana-3': [] })
  })

  it('is not joined to the writer of the text that it carries', () => {
    const history = note().delete('ana-2', 'n1').commit('ana-2', { opId: 'ana-1' }).as('gone')
    const [message, deletion] = history.build().operations
    expect(message?.commits).toHaveLength(1)
    expect(deletion?.commits.map(({ seq }) => seq)).toEqual([history.seq('gone')])
  })

  it('is joined although the server gives the record a name of its own', () => {
    const own = { record: 'srv-7' }
    const history = tinyHistory().create('ana-1', 'n1').commit('ana-1', own).create('ana-2', 'n2')
    history.delete('ana-3', 'n1').delete('ana-4', 'n2').commit('ana-3', own).as('gone')
    expect(commitsOf(history)).toMatchObject({ 'ana-3': [history.seq('gone')], 'ana-4': [] })
  })
})
