import type { EventOf } from '../../../harness/core/event.ts'
import type { EffectSpec } from '../../../harness/core/fault.ts'
import type { History } from '../../../harness/core/history.ts'
import { isFault } from '../../../harness/core/scenario.ts'
import type { DeviceLane, Lanes } from './lanes.ts'
import type { Layout } from './layout.ts'

/** A fault, drawn over a lane that it affects, from its begin to its end. */
export interface Band {
  readonly fault: EventOf<'fault'>
  readonly kind: 'link' | 'device' | 'server'
  readonly x: number
  readonly width: number
  readonly from: number
  readonly to: number
  /** True for the first band of a fault, which has its caption. */
  readonly caption: boolean
}

/** The distance between the end of the diagram and that of a fault that never ends. */
const MARGIN_BOTTOM = 12

export function bandsOf(history: History, lanes: Lanes, layout: Layout): Band[] {
  const bands: Band[] = []
  for (const window of faultWindows(layout)) {
    for (const [i, strip] of stripsOf(history, lanes, window.fault).entries()) {
      bands.push({ ...window, ...besideOthers(strip, window, bands), caption: i === 0 })
    }
  }
  return bands
}

interface FaultWindow {
  readonly fault: EventOf<'fault'>
  readonly from: number
  readonly to: number
}

/** Returns the windows in the order of their ends. */
function faultWindows(layout: Layout): FaultWindow[] {
  const windows: FaultWindow[] = []
  const open = new Map<number, { fault: EventOf<'fault'>; from: number }>()
  for (const { event, y } of layout.placements) {
    if (event.type !== 'fault') continue
    if (event.on) {
      open.set(event.id, { fault: event, from: y })
      continue
    }
    const window = open.get(event.id)
    if (window) windows.push({ ...window, to: y })
    open.delete(event.id)
  }
  const to = layout.height - MARGIN_BOTTOM
  return [...windows, ...[...open.values()].map((window) => ({ ...window, to }))]
}

/** Part of a lane's width. */
interface Strip {
  readonly kind: Band['kind']
  readonly x: number
  readonly width: number
}

const SAME_LANE_WITHIN = 20
const STEP_ASIDE = 5
const WIDTH_MIN = 16

/** Narrows the strip for each band that is on the same lane at the same time. */
function besideOthers(strip: Strip, { from, to }: FaultWindow, bands: readonly Band[]): Strip {
  const others = bands.filter(
    (band) =>
      band.kind === strip.kind &&
      band.from < to &&
      band.to > from &&
      Math.abs(band.x - strip.x) < SAME_LANE_WITHIN,
  ).length
  return {
    kind: strip.kind,
    x: strip.x + others * STEP_ASIDE,
    width: Math.max(WIDTH_MIN, strip.width - others * STEP_ASIDE * 2),
  }
}

const KIND_ORDER: readonly Band['kind'][] = ['link', 'device', 'server']

/**
 * Returns the lanes that the fault's effects act on. Without known effects, as in a history from
 * another program, those of its nodes. The link comes first: the caption is most readable there.
 */
function stripsOf(history: History, lanes: Lanes, fault: EventOf<'fault'>): Strip[] {
  const byEffect = effectsOf(history, fault).flatMap((effect) => effectStrip(effect, lanes))
  const strips = byEffect.length > 0 ? byEffect : fault.nodes.map((node) => nodeStrip(node, lanes))
  const distinct = new Map(strips.map((strip) => [`${strip.kind} ${strip.x}`, strip]))
  const order = ({ kind }: Strip) => KIND_ORDER.indexOf(kind)
  return [...distinct.values()].sort((a, b) => order(a) - order(b))
}

function effectsOf({ head }: History, { id, name }: EventOf<'fault'>): readonly EffectSpec[] {
  const step = head.scenario.steps[id]
  return step && isFault(step) && step.fault.name === name ? step.fault.effects : []
}

/** Effects on a device's link. All others that name a device act on the phone itself. */
const LINK_EFFECTS: ReadonlySet<string> = new Set(['toxic', 'link-down'])

function effectStrip(effect: EffectSpec, lanes: Lanes): Strip[] {
  if (typeof effect.device !== 'string') return [serverStrip(lanes)]
  const lane = lanes.devices.get(effect.device)
  if (!lane) return []
  return [LINK_EFFECTS.has(effect.effect) ? linkStrip(lane) : deviceStrip(lane)]
}

function nodeStrip(node: string, lanes: Lanes): Strip {
  const lane = lanes.devices.get(node)
  return lane ? linkStrip(lane) : serverStrip(lanes)
}

const linkStrip = ({ link: [from, to] }: DeviceLane): Strip => strip('link', from, to)
const deviceStrip = ({ line }: DeviceLane): Strip => strip('device', line - 9, line + 9)
const serverStrip = ({ server: [from, to] }: Lanes): Strip => strip('server', from, to)

function strip(kind: Band['kind'], from: number, to: number): Strip {
  return { kind, x: from, width: to - from }
}
