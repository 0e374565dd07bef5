import { describe, expect, it } from 'vitest'
import { setAside } from './set-aside.ts'

const finding = (seq: number) => ({ message: 'a breach', opIds: [], evidence: [seq] })
const breach = {
  id: 'A',
  promise: 'a',
  verdict: 'fail',
  judged: 1,
  findings: [finding(1), finding(2)],
} as const
const failed = { ...breach, findings: [...breach.findings] }

describe('setAside', () => {
  it('keeps results that are no breach', () => {
    const pass = { id: 'A', promise: 'a', verdict: 'pass', judged: 1, findings: [] } as const
    expect(setAside({ ...pass, findings: [] }, () => true, 'why')).toEqual(pass)
  })

  it('keeps the findings that can be trusted', () => {
    const left = setAside(failed, ({ evidence }) => evidence.includes(1), 'why')
    expect(left).toEqual({ ...failed, findings: [finding(2)] })
  })

  it('is unknown, with the reason, if no finding is left', () => {
    const none = { ...failed, verdict: 'unknown', why: 'why', findings: [] }
    expect(setAside(failed, () => true, 'why')).toEqual(none)
  })
})
