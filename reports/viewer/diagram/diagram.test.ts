import { describe, expect, it } from 'vitest'
import type { Event } from '../../../harness/core/event.ts'
import { History } from '../../../harness/core/history.ts'
import { tinyHistory } from '../../../harness/testing/history-builder.ts'
import { eventDescriber } from '../../events/event-views.ts'
import { ackLost, tunnelLost, tunnelPassed } from '../../testing/histories.ts'
import { arrowsOf } from './arrows.ts'
import { bandsOf } from './bands.ts'
import { fitText, textWidth } from './fit-text.ts'
import { lanesOf } from './lanes.ts'
import { computeLayout } from './layout.ts'

const draw = (history: ReturnType<typeof tunnelPassed>, evidence: number[] = []) => {
  const layout = computeLayout(history, new Set(evidence), eventDescriber(history))
  const lanes = lanesOf(history.devices)
  return {
    layout,
    lanes,
    arrows: arrowsOf(history, lanes, layout),
    bands: bandsOf(history, lanes, layout),
  }
}

describe('the diagram', () => {
  it('the diagram never places later events higher than earlier ones', () => {
    for (const history of [tunnelPassed(), tunnelLost().history, ackLost().history]) {
      const heights = draw(history).layout.placements.map(({ y }) => y)
      expect(heights).toEqual([...heights].sort((a, b) => a - b))
    }
  })

  it('notes of one lane do not overlap in the diagram', () => {
    const { layout } = draw(tunnelPassed())
    const lane = layout.placements.filter(
      ({ event, note }) => event.node === 'ana' && note && !note.onLink,
    )
    for (const [i, { y }] of lane.entries()) {
      const before = lane[i - 1]
      if (before) expect(y - before.y).toBeGreaterThanOrEqual(17 * (before.note?.lines.length ?? 1))
    }
  })

  it('arrows of a lost response and of a refused request end in the link', () => {
    const { arrows, lanes } = draw(ackLost().history)
    const link = lanes.devices.get('ana')?.link
    const [lost] = arrows.filter((arrow) => arrow.lost)
    expect(lost).toMatchObject({
      way: 'response',
      x1: lanes.server[0],
      x2: link ? (link[0] + link[1]) / 2 : 0,
    })
    expect(draw(tunnelLost().history).arrows.map(({ way, lost }) => [way, lost])).toEqual([
      ['request', true],
      ['request', true],
    ])
  })

  it('a tunnel is drawn over the link and the phone that it affects', () => {
    const { bands, layout } = draw(tunnelLost().history)
    expect(bands.map(({ kind, caption }) => [kind, caption])).toEqual([
      ['link', true],
      ['device', false],
    ])
    const on = layout.placements.find(({ event }) => event.type === 'fault')
    expect(bands[0]?.from).toBe(on?.y)
  })

  it('long pauses are drawn as jumps: four minutes in a tunnel need little room', () => {
    const { layout } = draw(tunnelLost().history)
    expect(layout.jumps.map(({ ms }) => Math.round(ms / 1000))).toEqual([231, 130])
    expect(layout.height).toBeLessThan(500)
  })

  it('the diagram folds repeated requests, but never evidence', () => {
    const history = tunnelPassed()
    const { layout } = draw(history)
    const [fold] = layout.folds.filter(({ devices }) => devices.join() === 'ben')
    expect(fold?.count).toBe(4)
    const polls = history.requests.filter(({ device }) => device === 'ben')
    const hidden = polls.filter(({ request }) => !layout.bySeq.has(request.seq))
    expect(hidden).toHaveLength(4)
    const wanted = hidden.map(({ request }) => request.seq)
    const again = draw(history, wanted).layout
    expect(wanted.filter((seq) => !again.bySeq.has(seq))).toEqual([])
  })

  it('the diagram draws events as evidence that it would not draw otherwise', () => {
    const { history, evidence } = tunnelLost()
    const shown = draw(history, evidence.flat()).layout.bySeq
    expect(evidence.flat().filter((seq) => !shown.has(seq))).toEqual([])
  })

  it('the diagram places devices around the server, the first two on opposite sides', () => {
    const lanes = lanesOf(['ana', 'ben', 'cy'])
    const line = (name: string) => lanes.devices.get(name)?.line ?? 0
    const fromTheLeft = [line('ana'), line('cy'), ...lanes.server, line('ben')]
    expect(fromTheLeft).toEqual([...fromTheLeft].sort((a, b) => a - b))
    expect(line('ben')).toBeLessThan(lanes.width)
  })
})

it('the diagram stays readable if two nodes report their times out of order', () => {
  const history = tinyHistory({ spacingMs: 0 }).at(5000).crash('ana').build()
  const earlier = { ...history.all[0], seq: 1, t: 1000, node: 'ben' } as Event
  const { placements } = draw(new History(history.head, [...history.all, earlier])).layout
  expect(placements).toHaveLength(2)
  expect(placements.every(({ y }) => Number.isFinite(y))).toBe(true)
})

it('fitText cuts a text to the given width', () => {
  expect(fitText('short', 100)).toBe('short')
  expect(textWidth(fitText('a long text '.repeat(9), 100))).toBeLessThan(112)
  expect(fitText('漢字漢字漢字', 40)).toMatch(/^漢字?…$/)
})
