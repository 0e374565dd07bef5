import type { EventOf } from '../../../harness/core/event.ts'
import type { History } from '../../../harness/core/history.ts'
import { isFault } from '../../../harness/core/scenario.ts'
import type { DeviceLane, Lanes } from './lanes.ts'
import type { Layout } from './layout.ts'

/** A fault drawn over the lanes it strikes, from its beginning to its end. */
export interface Band {
  readonly fault: EventOf<'fault'>
  readonly kind: 'link' | 'device' | 'server'
  readonly x: number
  readonly width: number
  readonly from: number
  readonly to: number
  /** The first band of a fault carries its caption. */
  readonly caption: boolean
}

export function bandsOf(history: History, lanes: Lanes, layout: Layout): Band[] {
  const bands: Band[] = []
  const open = new Map<number, EventOf<'fault'>>()
  const close = (fault: EventOf<'fault'>, to: number) => {
    const from = layout.bySeq.get(fault.seq)?.y ?? 0
    for (const [i, [kind, x, width]] of stripsOf(history, lanes, fault).entries()) {
      // Bands that hold at the same time on the same lane step aside a little.
      const beside = bands.filter(
        (band) =>
          band.kind === kind && band.from < to && band.to > from && Math.abs(band.x - x) < 20,
      ).length
      bands.push({
        fault,
        kind,
        x: x + beside * 5,
        width: Math.max(16, width - beside * 10),
        from,
        to,
        caption: i === 0,
      })
    }
  }
  for (const { event, y } of layout.placements) {
    if (event.type !== 'fault') continue
    if (event.on) open.set(event.id, event)
    else {
      const begun = open.get(event.id)
      if (begun) close(begun, y)
      open.delete(event.id)
    }
  }
  for (const fault of open.values()) close(fault, layout.height - 12)
  return bands
}

type Strip = readonly [kind: Band['kind'], x: number, width: number]

/** Told by the fault's effects; a history from elsewhere may name only the nodes. */
function stripsOf(history: History, lanes: Lanes, fault: EventOf<'fault'>): Strip[] {
  const step = history.head.scenario.steps[fault.id]
  const strips = new Map<string, Strip>()
  for (const effect of step && isFault(step) && step.fault.name === fault.name
    ? step.fault.effects
    : []) {
    if (typeof effect.device === 'string') {
      const lane = lanes.devices.get(effect.device)
      if (!lane) continue
      const link = effect.effect === 'toxic' || effect.effect === 'link-down'
      strips.set(`${link} ${lane.name}`, link ? onLink(lane) : onDevice(lane))
    } else strips.set('server', ['server', lanes.server[0], lanes.server[1] - lanes.server[0]])
  }
  if (strips.size === 0) {
    for (const node of fault.nodes) {
      const lane = lanes.devices.get(node)
      strips.set(
        node,
        lane ? onLink(lane) : ['server', lanes.server[0], lanes.server[1] - lanes.server[0]],
      )
    }
  }
  // The link first: that is where its caption reads best.
  return [...strips.values()].sort((a, b) => rank(a) - rank(b))
}

const rank = ([kind]: Strip) => ['link', 'device', 'server'].indexOf(kind)
const onLink = ({ link }: DeviceLane): Strip => ['link', link[0], link[1] - link[0]]
const onDevice = ({ line }: DeviceLane): Strip => ['device', line - 9, 18]
