import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import { bypasses } from './bypasses.ts'
import { judge } from './judge.ts'

const bypass = {
  type: 'bypass',
  global: 'setTimeout',
  frame: 'node_modules/lib/index.js:3:9',
  port: 'clock.after',
} as const
const always = {
  id: 'NEVER-HOLDS',
  promise: 'Nothing starts.',
  needs: () => undefined,
  check: () => ({ judged: 1, findings: [{ message: 'it started', opIds: [], evidence: [0] }] }),
}

describe('a history in which a global was used where a port would be right', () => {
  it('says who used which, where, and which port to use', () => {
    expect(bypasses(tinyHistory().add('ana', bypass).add('server', bypass).build())).toEqual([
      "ana's app uses setTimeout at node_modules/lib/index.js:3:9, where the sim cannot follow: " +
        'use clock.after',
      'the server uses setTimeout at node_modules/lib/index.js:3:9, ' +
        'where the sim cannot follow: use clock.after',
    ])
  })

  it('proves nothing: the run is unknown, without findings', () => {
    const clean = judge(tinyHistory().start('ana').build(), [always])
    expect(clean.verdict).toBe('fail')
    const doubtful = judge(tinyHistory().start('ana').add('ana', bypass).build(), [always])
    expect(doubtful.verdict).toBe('unknown')
    expect(doubtful.invariants).toMatchObject([{ verdict: 'unknown', findings: [] }])
  })
})
