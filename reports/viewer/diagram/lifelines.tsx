/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { RequestTrip } from '../../../harness/core/request-trip.ts'
import type { Lanes } from './lanes.ts'
import type { Layout } from './layout.ts'
import { round } from './round.ts'

/** Draws the background: links, lifelines and the server, with the spans without a process. */
export function Lifelines({
  lanes,
  layout,
  requests,
}: {
  lanes: Lanes
  layout: Layout
  requests: readonly RequestTrip[]
}) {
  const end = layout.height - 10
  return (
    <g class="lanes">
      <rect
        class="server"
        x={lanes.server[0]}
        y={0}
        width={lanes.server[1] - lanes.server[0]}
        height={end}
        rx={4}
      />
      {[...lanes.devices.values()].map((lane) => (
        <g>
          <rect
            class="link"
            x={lane.link[0]}
            y={0}
            width={lane.link[1] - lane.link[0]}
            height={end}
            rx={4}
          />
          <path class="life" d={`M${lane.line} 0V${round(end)}`} />
          {downSpans(lane.name, layout, end).map(([from, to]) => (
            <path class="dead" d={`M${lane.line} ${round(from)}V${round(to)}`} />
          ))}
          {requests.map((trip) => {
            const [from, to] = [
              layout.bySeq.get(trip.request.seq),
              trip.response && layout.bySeq.get(trip.response.seq),
            ]
            return (
              trip.device === lane.name &&
              from &&
              to && <path class="waits" d={`M${lane.line} ${round(from.y)}V${round(to.y)}`} />
            )
          })}
        </g>
      ))}
      {downSpans('server', layout, end).map(([from, to]) => (
        <rect
          class="down"
          x={lanes.server[0]}
          y={round(from)}
          width={lanes.server[1] - lanes.server[0]}
          height={round(to - from)}
        />
      ))}
    </g>
  )
}

/** Returns the spans in which a node had no process, as heights. */
function downSpans(node: string, layout: Layout, end: number): [number, number][] {
  const spans: [number, number][] = []
  let from: number | undefined
  for (const { event, y } of layout.placements) {
    if (event.node !== node) continue
    if (event.type === 'crash') from = y
    if (event.type === 'start' && from !== undefined) {
      spans.push([from, y])
      from = undefined
    }
  }
  return from === undefined ? spans : [...spans, [from, end]]
}
