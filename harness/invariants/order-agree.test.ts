import { describe, expect, it } from 'vitest'
import { FULL, MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import orderAgree from './order-agree.ts'

const three = (capabilities = FULL) =>
  tinyHistory({ capabilities })
    .create('ana-1', 'm1', 'one')
    .deliver('ana-1')
    .create('ben-1', 'm2', 'two')
    .deliver('ben-1')
    .create('ana-2', 'm3', 'three')
const read = (ana: readonly string[], ben: readonly string[], ms?: number) =>
  three().heal(ms).view('ana', ana).view('ben', ben)
const [one, two, three_] = ['ana-1 sent', 'ben-1 sent', 'ana-2 sent']

describe('ORDER-AGREE', () => {
  it('judges nothing without two common messages, and needs a client that promises order', () => {
    expect(read([one], [one, two]).check(orderAgree)).toEqual({ judged: 0, findings: [] })
    expect(orderAgree.needs(MINIMAL)).toBeDefined()
  })

  it('passes one order, whatever else each device shows', () => {
    expect(read([one, two], [one, three_, two]).check(orderAgree)).toEqual({
      judged: 1,
      findings: [],
    })
  })

  it('reports two messages that stand the other way round', () => {
    const history = three()
      .heal()
      .view('ana', [one, two])
      .as('ana')
      .view('ben', [two, one])
      .as('ben')
    expect(history.findings(orderAgree)).toEqual([
      {
        message:
          "ana's screen shows ana's message 'one' (ana-1) before ben's message 'two' (ben-1); ben's shows them the other way round",
        opIds: ['ana-1', 'ben-1'],
        evidence: [history.seq('ana'), history.seq('ben')],
      },
    ])
  })

  it('skips messages that wait or failed: they stand where their device puts them', () => {
    expect(read(['ana-1 pending', two], [two, one]).findings(orderAgree)).toEqual([])
    expect(read(['ana-1 failed', two], [two, one]).findings(orderAgree)).toEqual([])
  })

  it('judges rows without icons by whether the message took effect', () => {
    const bare = { ...MINIMAL, ordered: true }
    const screens = three(bare).heal().view('ana', ['ana-1', 'ben-1', 'ana-2'])
    expect(screens.view('ben', ['ana-2', 'ana-1', 'ben-1']).state().findings(orderAgree)).toEqual(
      [],
    )
    const swapped = three(bare).heal().view('ana', ['ana-1', 'ben-1'])
    expect(swapped.view('ben', ['ben-1', 'ana-1']).state().findings(orderAgree)).toHaveLength(1)
  })

  it('does not order notes, nor messages of two conversations', () => {
    const notes = tinyHistory().create('ana-1', 'n1', 'a').create('ana-2', 'n2', 'b')
    const rows = ['ana-1 sent', 'ana-2 sent']
    expect(
      notes.heal().view('ana', rows).view('ben', rows.toReversed()).check(orderAgree).judged,
    ).toBe(0)
    const message = (opId: string, record: string, conversation: string) =>
      ({
        type: 'create',
        opId,
        collection: 'messages',
        record,
        content: { conversation, text: opId },
      }) as const
    const talks = tinyHistory()
      .invoke(message('ana-1', 'm1', 'work'))
      .invoke(message('ana-2', 'm2', 'home'))
    expect(
      talks.heal().view('ana', rows).view('ben', rows.toReversed()).check(orderAgree).judged,
    ).toBe(0)
  })

  it('compares the first of two rows of one message, and the read screens only', () => {
    expect(read([one, two, one], [one, two]).findings(orderAgree)).toEqual([])
    const early = three().view('ana', [one, two]).heal().view('ben', [two, one])
    expect(early.check(orderAgree)).toEqual({ judged: 0, findings: [] })
  })

  it('is undecided without time to catch up', () => {
    expect(read([one, two], [two, one], 1000).check(orderAgree)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('no time to catch up'),
    })
  })
})
