/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { History } from '../../../harness/core/history.ts'
import { type Lanes, middleOf } from './lanes.ts'

/** Shows the names of the lanes, which stay visible while the diagram scrolls below them. */
export function Heads({ lanes, history }: { lanes: Lanes; history: History }) {
  const users = new Map(history.head.scenario.devices.map(({ name, user }) => [name, user]))
  const heads = [...lanes.devices.values()]
  return (
    <svg
      class="heads"
      width={lanes.width}
      height={40}
      viewBox={`0 0 ${lanes.width} 40`}
      aria-hidden="true"
    >
      {heads.map(({ name, line, link }) => (
        <g>
          <use href="#i-phone" x={line - 9} y={5} width={18} height={18} />
          <text class="who" x={line} y={36} text-anchor="middle">
            {users.get(name) === name ? name : `${name} (${users.get(name)})`}
          </text>
          <text class="via" x={middleOf(link)} y={36} text-anchor="middle">
            link
          </text>
        </g>
      ))}
      <use href="#i-server" x={middleOf(lanes.server) - 9} y={5} width={18} height={18} />
      <text class="who" x={middleOf(lanes.server)} y={36} text-anchor="middle">
        server
      </text>
    </svg>
  )
}
