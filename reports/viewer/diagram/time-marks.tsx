/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { spanText } from '../../../harness/core/time.ts'
import { countText, listText } from '../../words/text.ts'
import { momentText } from '../../words/time.ts'
import { textWidth } from './fit-text.ts'
import { type Lanes, middleOf } from './lanes.ts'
import type { Jump, Layout, Placement } from './layout.ts'
import { round } from './round.ts'

interface Props {
  readonly layout: Layout
  readonly lanes: Lanes
}

/** The least distance at which two labels do not overlap. */
const LABEL_DISTANCE_MIN = 15

/** Writes the times at the left. */
export function Moments({ layout, lanes }: Props) {
  return (
    <g class="moments">
      {momentLabels(layout).map(({ y, text }) => (
        <text x={lanes.left - 10} y={round(y + 4)} text-anchor="end">
          {text}
        </text>
      ))}
    </g>
  )
}

function momentLabels({ placements, jumps }: Layout): { y: number; text: string }[] {
  const labels: { y: number; text: string }[] = []
  const isInJump = (y: number) => jumps.some((jump) => Math.abs(jump.y - y) < LABEL_DISTANCE_MIN)
  for (const { event, y } of placements) {
    const text = momentText(event.t)
    const last = labels.at(-1)
    const hasRoom = !last || (y - last.y >= LABEL_DISTANCE_MIN && !isInJump(y))
    if (hasRoom && text !== last?.text) labels.push({ y, text })
  }
  return labels
}

export function JumpMark({ jump: { y, ms }, lanes }: { jump: Jump; lanes: Lanes }) {
  return (
    <g class="jump">
      <path d={`M${lanes.left} ${round(y)}H${lanes.width - 8}`} />
      <text x={lanes.left - 10} y={round(y + 4)} text-anchor="end">
        {`⋮ ${spanText(ms)}`}
      </text>
    </g>
  )
}

export function FoldMark({ fold, lanes }: { fold: Layout['folds'][number]; lanes: Lanes }) {
  return (
    <text class="quiet" x={middleOf(lanes.server)} y={round(fold.y + 4)} text-anchor="middle">
      {`⋮ ${countText(fold.count, 'more request')} like this, by ${listText(fold.devices)} ⋮`}
    </text>
  )
}

const PHASE_LABELS: Readonly<Record<string, string>> = {
  heal: 'all faults end',
  read: 'every screen is read',
  probe: 'what would unstick it?',
}

/** Draws a phase as a line across all lanes. Other events without a shape get an empty anchor. */
export function PhaseLine({
  placement: { event, y },
  lanes,
  id,
}: {
  placement: Placement
  lanes: Lanes
  id: string
}) {
  if (event.type !== 'phase') return <g id={id} />
  const text = PHASE_LABELS[event.phase] ?? event.phase
  const middle = middleOf(lanes.server)
  const half = textWidth(text, 11) / 2 + 10
  const left = `M${lanes.left} ${round(y)}H${round(middle - half)}`
  const right = `M${round(middle + half)} ${round(y)}H${lanes.width - 8}`
  return (
    <g class="phase" id={id}>
      <path d={left + right} />
      <text x={middle} y={round(y + 4)} text-anchor="middle">
        {text}
      </text>
    </g>
  )
}
