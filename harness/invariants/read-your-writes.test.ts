import { describe, expect, it } from 'vitest'
import readYourWrites from './read-your-writes.ts'
import { BARE, tiny } from './testing/tiny.ts'

const taken = () => tiny().invoke('ana-1', 'm1', 'Hi').taken('ana-1').as('saved')

describe('READ-YOUR-WRITES', () => {
  it('has nothing to judge without a screen between saving and ending', () => {
    expect(taken().check(readYourWrites)).toEqual({ judged: 0, findings: [] })
    expect(taken().sent('ana-1').view('ana').check(readYourWrites)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('is content with the write on every screen until it ends', () => {
    expect(
      taken().view('ana', ['ana-1 pending']).sent('ana-1').view('ana').check(readYourWrites),
    ).toEqual({ judged: 1, findings: [] })
  })

  it('finds a pending edit that a pull overwrote', () => {
    const history = tiny()
      .invoke('ben-1', 'n1', 'old', 'create', 'notes')
      .commit('ben-1')
      .update('ana-1', 'n1', 'new')
      .taken('ana-1')
    history
      .cursor('ana', 1, ['n1@1'])
      .view('ana', ['ben-1 sent'], { outbox: ['ana-1'] })
      .as('view')
    expect(history.findings(readYourWrites)).toEqual([
      {
        message:
          "ana's edit of note n1 'new' (ana-1) was taken at 400 ms and had not ended; ana's own screen at 700 ms shows 'old' (ben-1) instead",
        ops: ['ana-1'],
        evidence: [4, history.seq('view')],
      },
    ])
  })

  it('finds a message that vanished before it ended, with a client that only ever said "saved"', () => {
    const history = tiny({ capabilities: BARE })
      .invoke('ana-1', 'm1')
      .saved('ana-1', false)
      .view('ana')
    expect(history.findings(readYourWrites)[0]?.message).toMatch(/does not show it$/)
  })

  it('lets a later write of the device take over', () => {
    const edited = taken()
      .update('ana-2', 'm1', 'Hi!', 'messages')
      .taken('ana-2')
      .view('ana', ['ana-2 pending'])
    expect(edited.findings(readYourWrites)).toEqual([])
    const deleted = taken()
      .invoke('ana-2', 'm1', '', 'delete')
      .taken('ana-2')
      .view('ana', [], { outbox: ['ana-1', 'ana-2'] })
    expect(deleted.check(readYourWrites)).toEqual({ judged: 1, findings: [] })
    expect(
      taken()
        .invoke('ana-2', 'm1', '', 'delete')
        .taken('ana-2')
        .view('ana', ['ana-1 pending'])
        .findings(readYourWrites),
    ).toHaveLength(1)
  })

  it('demands nothing after a conflict, a cancellation or the write coming back by a pull', () => {
    expect(taken().ack('ana-1', 'conflict').view('ana').findings(readYourWrites)).toEqual([])
    expect(taken().cancel('ana-2', 'ana-1').view('ana').findings(readYourWrites)).toEqual([])
    expect(
      taken().commit('ana-1').cursor('ana', 1, ['m1@1']).view('ana').findings(readYourWrites),
    ).toEqual([])
  })

  it('does not demand what may have ended unsaid just before a death, but what certainly had not', () => {
    const asked = () => taken().request('ana', 'r1', ['ana-1'])
    const answered = asked()
      .commit('ana-1')
      .outcome('ana-1', 'applied', { req: 'r1' })
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(answered.findings(readYourWrites)).toEqual([])
    expect(asked().crash('ana').start('ana').view('ana').findings(readYourWrites)).toHaveLength(1)
    const failed = asked()
      .commit('ana-1')
      .outcome('ana-1', 'applied', { req: 'r1' })
      .response('ana', 'r1', 'timeout')
    expect(failed.crash('ana').start('ana').view('ana').findings(readYourWrites)).toHaveLength(1)
  })

  it('does not hold a client that tells no acks to what is committed', () => {
    const history = tiny({ capabilities: BARE })
      .invoke('ana-1', 'm1')
      .saved('ana-1')
      .commit('ana-1')
      .view('ana')
    expect(history.findings(readYourWrites)).toEqual([])
  })
})
