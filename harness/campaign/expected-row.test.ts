import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem.ts'
import { parseExpectedRow } from './expected-row.ts'

const known = { scenarios: ['tunnel', 'lost-ack'], invariants: new Set(['NO-LOSS', 'ONE-ROW']) }
const least = { title: 'Queue', library: 'queue', backend: 'express', cells: {} }
const parse = (more: object) =>
  parseExpectedRow({ ...least, ...more }, 'queue/expected.json', known)

describe('expected.json', () => {
  it('has defaults for client and server', () => {
    expect(parse({})).toEqual({
      ...least,
      client: './client.ts',
      server: './server.ts',
      cells: new Map(),
    })
  })

  it('gives each cell one form', () => {
    const confirmed = { expect: ['NO-LOSS'], why: 'Memory.', confirmed: './confirm.mjs' }
    expect([...parse({ cells: { tunnel: 'pass', 'lost-ack': confirmed } }).cells]).toEqual([
      ['tunnel', { expect: 'pass' }],
      ['lost-ack', confirmed],
    ])
  })

  it.each([
    [{ title: undefined }, /queue\/expected.json expects for 'title': .*string; got nothing$/],
    [{ title: '' }, /expects for 'title': .*; got ""$/],
    [{ title: 'a\nb' }, /expects for 'title': expected one line; got/],
    [{ libary: 'x' }, /has the unknown member 'libary': expected title, library, version/],
    [{ scenarios: [] }, /expects for 'scenarios': .*; got \[\]$/],
    [{ scenarios: ['tunel'] }, /no scenario is called 'tunel'; list shows all of them$/],
    [{ cells: { tunel: 'pass' } }, /no scenario is called 'tunel'/],
    [{ cells: { tunnel: 'fail' } }, /expects for cells.tunnel: "pass", "unknown", .*; got "fail"$/],
    [{ cells: { tunnel: [] } }, /expects for cells.tunnel: .*; got \[\]$/],
    [{ cells: { tunnel: { why: 'x' } } }, /expects for cells.tunnel: .*; got {"why":"x"}$/],
    [{ cells: { tunnel: ['NO-LOS'] } }, /cells.tunnel expects invariants .*, got 'NO-LOS'$/],
    [{ cells: 'all' }, /expects for 'cells': .*; got "all"$/],
  ])('explains %j in one line', (more, expected) => {
    let problem: unknown
    try {
      parse(more)
    } catch (cause) {
      problem = cause
    }
    expect(problem).toBeInstanceOf(Problem)
    expect((problem as Problem).message).toMatch(expected)
    expect((problem as Problem).message).not.toContain('\n')
  })

  it.each([[[]], ['row'], [null]])('explains that %j is no row', (data) => {
    expect(() => parseExpectedRow(data, 'x.json', known)).toThrow(/^x.json expects an object, got /)
  })
})
