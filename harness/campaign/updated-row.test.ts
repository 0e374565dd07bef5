import { describe, expect, it } from 'vitest'
import type { CellVerdict, MatrixCell } from '../core/matrix.ts'
import { cellOutcome } from './cell-outcome.ts'
import { parseExpectedRow } from './expected-row.ts'
import { updatedRow } from './updated-row.ts'

const known = { scenarios: ['tunnel', 'lost-ack'], invariants: new Set(['NO-LOSS', 'ONE-ROW']) }
const found = (scenario: string, verdict: CellVerdict): MatrixCell => ({
  ...{ scenario, differences: [], sim: { ...cellOutcome([]), verdict } },
})

function update(cells: object, ...played: MatrixCell[]) {
  const data = { title: 'Queue', library: 'queue', backend: 'express', cells }
  return updatedRow(data, parseExpectedRow(data, 'x', known), played)
}

const explained = { expect: ['ONE-ROW', 'NO-LOSS'], why: 'Memory.', confirmed: './confirm.mjs' }

describe('an updated expected.json', () => {
  it('has the verdicts that were found, and everything else as before', () => {
    expect(
      update({ tunnel: 'unknown' }, found('tunnel', 'pass'), found('lost-ack', ['NO-LOSS'])),
    ).toBe(`{
  "title": "Queue",
  "library": "queue",
  "backend": "express",
  "cells": {
    "tunnel": "pass",
    "lost-ack": ["NO-LOSS"]
  }
}
`)
  })

  it('keeps the explanation of the same verdict', () => {
    const text = update({ tunnel: explained }, found('tunnel', ['NO-LOSS', 'ONE-ROW']))
    expect(JSON.parse(text).cells.tunnel).toEqual({ ...explained, expect: ['NO-LOSS', 'ONE-ROW'] })
  })

  it('drops the explanation of another verdict', () => {
    const text = update({ tunnel: explained }, found('tunnel', ['NO-LOSS']))
    expect(JSON.parse(text).cells).toEqual({ tunnel: ['NO-LOSS'] })
  })

  it('keeps cells that were not played', () => {
    const text = update({ tunnel: explained }, found('lost-ack', 'pass'))
    expect(JSON.parse(text).cells).toEqual({ tunnel: explained, 'lost-ack': 'pass' })
  })

  it('breaks a list that is too long for a line', () => {
    const long = Array.from({ length: 8 }, (_, i) => `INVARIANT-NUMBER-${i}`)
    const text = update({}, found('tunnel', long))
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100)
    expect(JSON.parse(text).cells.tunnel).toEqual(long)
  })
})
