import { describe, expect, it } from 'vitest'
import { eventDescriber } from '../../events/event-views.ts'
import { ackLost, tunnelLost, tunnelPassed } from '../../testing/histories.ts'
import { arrowsOf } from './arrows.ts'
import { bandsOf } from './bands.ts'
import { fitText, textWidth } from './fit-text.ts'
import { lanesOf } from './lanes.ts'
import { computeLayout } from './layout.ts'

const drawn = (history: ReturnType<typeof tunnelPassed>, evidence: number[] = []) => {
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
  it('runs downwards: what happened later is never higher', () => {
    for (const history of [tunnelPassed(), tunnelLost().history, ackLost().history]) {
      const heights = drawn(history).layout.placements.map(({ y }) => y)
      expect(heights).toEqual([...heights].sort((a, b) => a - b))
    }
  })

  it('keeps the words of one lane apart', () => {
    const { layout } = drawn(tunnelPassed())
    const lane = layout.placements.filter(
      ({ event, note }) => event.node === 'ana' && note && !note.onLink,
    )
    for (const [i, { y }] of lane.entries()) {
      const before = lane[i - 1]
      if (before) expect(y - before.y).toBeGreaterThanOrEqual(17 * (before.note?.lines.length ?? 1))
    }
  })

  it('lets a lost answer end in the link, and a refused request before it', () => {
    const { arrows, lanes } = drawn(ackLost().history)
    const link = lanes.devices.get('ana')?.link
    const [lost] = arrows.filter((arrow) => arrow.lost)
    expect(lost).toMatchObject({
      way: 'response',
      x1: lanes.server[0],
      x2: link ? (link[0] + link[1]) / 2 : 0,
    })
    expect(drawn(tunnelLost().history).arrows.map(({ way, lost: gone }) => [way, gone])).toEqual([
      ['request', true],
      ['request', true],
    ])
  })

  it('draws a fault over what it strikes: a tunnel over the link and the phone', () => {
    const { bands, layout } = drawn(tunnelLost().history)
    expect(bands.map(({ kind, caption }) => [kind, caption])).toEqual([
      ['link', true],
      ['device', false],
    ])
    const on = layout.placements.find(({ event }) => event.type === 'fault')
    expect(bands[0]?.from).toBe(on?.y)
  })

  it('turns pauses into jumps: four minutes in a tunnel take little room', () => {
    const { layout } = drawn(tunnelLost().history)
    expect(layout.jumps.map(({ ms }) => Math.round(ms / 1000))).toEqual([231, 130])
    expect(layout.height).toBeLessThan(500)
  })

  it('sums up requests that tell nothing new, but never evidence', () => {
    const history = tunnelPassed()
    const { layout } = drawn(history)
    const [quiet] = layout.folds.filter(({ devices }) => devices.join() === 'ben')
    expect(quiet?.count).toBe(4)
    const polls = history.requests.filter(({ device }) => device === 'ben')
    const hidden = polls.filter(({ request }) => !layout.bySeq.has(request.seq))
    expect(hidden).toHaveLength(4)
    const wanted = hidden.map(({ request }) => request.seq)
    const again = drawn(history, wanted).layout
    expect(wanted.filter((seq) => !again.bySeq.has(seq))).toEqual([])
  })

  it('shows evidence that it would not draw otherwise', () => {
    const { history, evidence } = tunnelLost()
    const shown = drawn(history, evidence.flat()).layout.bySeq
    expect(evidence.flat().filter((seq) => !shown.has(seq))).toEqual([])
  })

  it('stands people around the server, the first two across from each other', () => {
    const lanes = lanesOf(['ana', 'ben', 'cy'])
    const line = (name: string) => lanes.devices.get(name)?.line ?? 0
    expect([line('ana'), line('cy'), lanes.server[0], lanes.server[1], line('ben')]).toEqual(
      [line('ana'), line('cy'), lanes.server[0], lanes.server[1], line('ben')].sort(
        (a, b) => a - b,
      ),
    )
    expect(line('ben')).toBeLessThan(lanes.width)
  })
})

it('cuts a text to the room it has', () => {
  expect(fitText('short', 100)).toBe('short')
  expect(textWidth(fitText('a long text '.repeat(9), 100))).toBeLessThan(112)
  expect(fitText('漢字漢字漢字', 40)).toMatch(/^漢字?…$/)
})
