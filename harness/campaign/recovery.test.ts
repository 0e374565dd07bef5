import { describe, expect, it } from 'vitest'
import type { InvariantResult } from '../core/result.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import { recoveryMs } from './recovery.ts'

const tunnel = { name: 'tunnel', caption: 'a tunnel', nodes: ['ana'] }
/** Ana writes in a tunnel that ends at 10 s. */
const inTunnel = () =>
  tinyHistory()
    .at(1000)
    .fault(true, tunnel)
    .at(2000)
    .create('ana-1', 'm1', 'Hi')
    .accept('ana-1')
    .view('ana', ['ana-1 pending'])
    .at(10_000)
    .fault(false, tunnel)

const invariant = (id: string, verdict: InvariantResult['verdict']): InvariantResult => ({
  ...{ id, promise: '', verdict, judged: 1, findings: [] },
})

describe('the time to recover', () => {
  it('is undefined for a run that was not read', () => {
    expect(recoveryMs(inTunnel().build(), [])).toBeUndefined()
  })

  it('lasts from the end of the last fault to the commit, if the screens show it before', () => {
    expect(recoveryMs(inTunnel().at(13_000).commit('ana-1').heal().build(), [])).toBe(3000)
  })

  it('lasts until the last screen shows it', () => {
    const history = inTunnel().at(13_000).commit('ana-1').at(17_000).view('ben', ['ana-1 sent'])
    expect(recoveryMs(history.heal().build(), [])).toBe(7000)
  })

  it('does not wait for icons', () => {
    const history = inTunnel().at(13_000).commit('ana-1').at(19_000).view('ana', ['ana-1 sent'])
    expect(recoveryMs(history.heal().build(), [])).toBe(3000)
  })

  it('begins with an action after the fault, which nothing stands in the way of', () => {
    const history = inTunnel().at(20_000).create('ana-2', 'm2', 'Out').accept('ana-2')
    expect(recoveryMs(history.at(20_500).commit('ana-2').heal().build(), [])).toBe(500)
  })

  it('is 0 if all was there before', () => {
    const history = tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').commit('ana-1')
    const healed = history.at(5000).fault(true, tunnel).at(9000).fault(false, tunnel)
    expect(recoveryMs(healed.heal().build(), [])).toBe(0)
  })

  it('ignores what comes after the reading', () => {
    const history = inTunnel().at(13_000).commit('ana-1').heal().at(90_000).view('ben', ['ana-1'])
    expect(recoveryMs(history.build(), [])).toBe(3000)
  })

  it('is undefined if something never arrived, or may not have', () => {
    const history = inTunnel().at(13_000).commit('ana-1').heal().build()
    expect(recoveryMs(history, [invariant('LIVENESS', 'fail')])).toBeUndefined()
    expect(recoveryMs(history, [invariant('CONVERGE', 'unknown')])).toBeUndefined()
    expect(recoveryMs(history, [invariant('NO-LOSS', 'idle')])).toBe(3000)
    expect(recoveryMs(history, [invariant('EXACTLY-ONCE', 'fail')])).toBe(3000)
  })
})
